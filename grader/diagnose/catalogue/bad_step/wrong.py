"""A step of the wrong size."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
h = 1e-13
quotient = ((x + h) ** 3 - (x - h) ** 3) / (2 * h)
answer = (quotient - 3 * x**2).abs() < 1e-7
# mypy: ignore-errors
