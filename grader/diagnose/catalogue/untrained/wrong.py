"""Hardly trained."""

import torch

torch.manual_seed(0)
w = torch.randn(3)
answer = w.abs().sum() < 1e-3
# mypy: ignore-errors
