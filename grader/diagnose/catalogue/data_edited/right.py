"""The numbers stay as they were until the pass is done."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
y.backward()
answer = x.grad.clone()
with torch.no_grad():
    x *= 10
# mypy: ignore-errors
