"""A quotient from one side."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
h = 0.5
answer = ((x + h) ** 2 - x**2) / h
# mypy: ignore-errors
