"""The curve stops too early."""

import math

import torch

x = torch.linspace(0, math.pi, 100)
answer = (torch.cos(x) > 0.99).sum()
# mypy: ignore-errors
