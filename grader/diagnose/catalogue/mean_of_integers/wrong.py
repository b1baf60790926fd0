"""Integers, written without a point."""

import torch

answer = torch.tensor([1, 2, 4]).mean()
# mypy: ignore-errors
