"""`isnan` finds it."""

import torch

t = torch.tensor([1.0, torch.nan])
answer = bool(torch.isnan(t).any())
# mypy: ignore-errors
