"""`isfinite` notices both."""

import torch

t = 1 / torch.tensor([1.0, 0.0])
answer = bool(torch.isfinite(t).all())
# mypy: ignore-errors
