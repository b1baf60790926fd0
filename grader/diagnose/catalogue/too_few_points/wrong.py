"""Four points of a whole period: the peak of the curve is not even seen."""

import math

import torch

x = torch.linspace(0, 2 * math.pi, 4)
answer = bool(torch.sin(x).max() > 0.99)
# mypy: ignore-errors
