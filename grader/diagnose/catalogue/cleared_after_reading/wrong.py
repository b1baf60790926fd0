"""Cleared before it was read."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(x**2).sum().backward()
x.grad.zero_()
answer = x.grad
# mypy: ignore-errors
