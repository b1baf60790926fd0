"""A difference quotient: near the derivative, and no more."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
h = 1e-3
with torch.no_grad():
    answer = (torch.square(x + h) - torch.square(x)) / h
# mypy: ignore-errors
