"""The loss does not follow when x changes."""

import torch

x = torch.tensor([1.0, 2.0, 3.0])
loss = (x * x).sum()
x -= 1
answer = loss.clone()
# mypy: ignore-errors
