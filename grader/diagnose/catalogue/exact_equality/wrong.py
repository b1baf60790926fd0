"""Equal but for rounding is not equal bit by bit."""

import torch

first = torch.tensor(0.1, dtype=torch.float64) + 0.2
second = torch.tensor(0.3, dtype=torch.float64)
answer = bool(first == second)
# mypy: ignore-errors
