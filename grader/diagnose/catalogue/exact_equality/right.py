"""The difference is held against the size of the numbers."""

import torch

first = torch.tensor(0.1, dtype=torch.float64) + 0.2
second = torch.tensor(0.3, dtype=torch.float64)
answer = bool((first - second).abs() <= 1e-12 * second.abs())
# mypy: ignore-errors
