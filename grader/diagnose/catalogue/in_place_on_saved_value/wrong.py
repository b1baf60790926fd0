"""`exp` keeps its result for the backward pass, and the result is changed."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = torch.exp(x)
y += 1
y.sum().backward()
answer = x.grad
# mypy: ignore-errors
