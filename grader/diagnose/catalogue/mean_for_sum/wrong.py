"""A mean where a sum is asked for."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(x**2).mean().backward()
answer = x.grad
# mypy: ignore-errors
