"""The numbers alone are copied."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * x
kept = y.detach().clone()
y.sum().backward()
answer = x.grad
# mypy: ignore-errors
