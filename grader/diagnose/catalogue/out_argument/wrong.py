"""The product is written into a tensor that has no history."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = torch.empty(3)
torch.mul(x, x, out=y)
y.sum().backward()
answer = x.grad
# mypy: ignore-errors
