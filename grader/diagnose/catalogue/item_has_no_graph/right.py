"""y stays a tensor; its number is taken for printing only."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
number = y.item()
y.backward()
answer = x.grad
# mypy: ignore-errors
