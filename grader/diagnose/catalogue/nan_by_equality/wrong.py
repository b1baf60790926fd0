"""The comparison is False for NaN too."""

import torch

t = torch.tensor([1.0, torch.nan])
answer = bool((t == torch.nan).any())
# mypy: ignore-errors
