"""A second name, not a copy."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(x**2).sum().backward()
answer = x.grad
(x**3).sum().backward()
# mypy: ignore-errors
