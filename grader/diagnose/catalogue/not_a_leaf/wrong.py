"""Converted after recording was switched on: x is a result."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True).double()
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
