"""Two hundred points show the peak."""

import math

import torch

x = torch.linspace(0, 2 * math.pi, 200)
answer = bool(torch.sin(x).max() > 0.99)
# mypy: ignore-errors
