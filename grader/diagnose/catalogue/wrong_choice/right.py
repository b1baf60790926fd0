"""The claim "a second pass adds to the gradient" is tried out: it holds."""

import torch

x = torch.tensor(3.0, requires_grad=True)
for _ in range(2):
    (x * x).backward()
claim = 12.0
answer = x.grad.item() == claim
# mypy: ignore-errors
