"""The claim "a second pass overwrites the gradient" is tried out: it does not hold."""

import torch

x = torch.tensor(3.0, requires_grad=True)
for _ in range(2):
    (x * x).backward()
claim = 6.0
answer = x.grad.item() == claim
# mypy: ignore-errors
