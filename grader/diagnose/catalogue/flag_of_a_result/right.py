"""A detached tensor for what needs no gradient; y stays in the graph."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * x
numbers = y.detach()
y.sum().backward()
answer = x.grad
# mypy: ignore-errors
