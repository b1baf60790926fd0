"""Ones are passed as v: the derivative at every point."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * x
y.backward(torch.ones_like(y))
answer = x.grad
# mypy: ignore-errors
