"""An infinity passes for a usable number."""

import torch

t = 1 / torch.tensor([1.0, 0.0])
answer = not bool(torch.isnan(t).any())
# mypy: ignore-errors
