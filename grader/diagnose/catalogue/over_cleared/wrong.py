"""Cleared too often."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x**2).sum()
y.backward(retain_graph=True)
x.grad = None
y.backward()
answer = x.grad
# mypy: ignore-errors
