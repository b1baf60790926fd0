"""`isclose` sees no difference."""

import torch

third = torch.tensor(1.0, dtype=torch.float64) / 3
answer = bool(torch.isclose(third.float().double(), third))
# mypy: ignore-errors
