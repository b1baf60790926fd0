"""The product is a new tensor in the graph."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = torch.mul(x, x)
y.sum().backward()
answer = x.grad
# mypy: ignore-errors
