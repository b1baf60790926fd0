"""The same numbers as floating-point numbers."""

import torch

answer = torch.tensor([1, 2, 4]).float().mean()
# mypy: ignore-errors
