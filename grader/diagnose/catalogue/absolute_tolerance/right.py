"""The limit grows and shrinks with the numbers."""

import torch

got, expected = torch.tensor(4e-9), torch.tensor(3e-9)
answer = bool((got - expected).abs() <= 1e-5 * expected.abs())
# mypy: ignore-errors
