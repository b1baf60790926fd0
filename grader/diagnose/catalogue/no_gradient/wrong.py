"""`backward()` returns None; the gradient is in `x.grad`."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
answer = y.backward()
# mypy: ignore-errors
