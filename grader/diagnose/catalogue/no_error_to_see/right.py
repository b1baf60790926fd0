"""The error that is to be seen."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = torch.exp(x)
y += 1
try:
    y.sum().backward()
    answer = "no error"
except RuntimeError:
    answer = "a saved value was changed"
# mypy: ignore-errors
