"""The change is no part of the function, so it is made where nothing is recorded."""

import torch

x = torch.tensor([1.5, 2.5, 3.5], requires_grad=True)
with torch.no_grad():
    x -= 0.5
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
