"""Weighted twice."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
v = torch.tensor([3.0, 0.5, 2.0])
(v * x**2).backward(v)
answer = x.grad
# mypy: ignore-errors
