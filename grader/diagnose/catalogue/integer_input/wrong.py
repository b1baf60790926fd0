"""Whole numbers, written without a point."""

import torch

x = torch.tensor([1, 2, 3], requires_grad=True)
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
