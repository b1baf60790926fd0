"""`==` sees the rounding."""

import torch

third = torch.tensor(1.0, dtype=torch.float64) / 3
answer = bool(third.float().double() == third)
# mypy: ignore-errors
