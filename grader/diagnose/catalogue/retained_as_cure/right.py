"""Cleared between the passes."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
y.backward(retain_graph=True)
x.grad = None
y.backward()
answer = x.grad
# mypy: ignore-errors
