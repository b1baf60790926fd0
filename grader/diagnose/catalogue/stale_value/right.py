"""The loss is computed again after the change."""

import torch

x = torch.tensor([1.0, 2.0, 3.0])
loss = (x * x).sum()
x -= 1
answer = (x * x).sum()
# mypy: ignore-errors
