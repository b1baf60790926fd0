"""One number for all places."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(x**2).sum().backward()
answer = x.grad[0]
# mypy: ignore-errors
