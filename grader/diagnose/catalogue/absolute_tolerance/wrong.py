"""A third too much passes, because both numbers are below the limit."""

import torch

got, expected = torch.tensor(4e-9), torch.tensor(3e-9)
answer = bool((got - expected).abs() < 1e-5)
# mypy: ignore-errors
