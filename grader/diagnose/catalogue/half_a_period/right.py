"""The same task, done right."""

import math

import torch

x = torch.linspace(0, 2 * math.pi, 100)
answer = (torch.cos(x) > 0.99).sum()
# mypy: ignore-errors
