"""A new tensor: the result of `exp` stays as it was."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = torch.exp(x)
y = y + 1
y.sum().backward()
answer = x.grad
# mypy: ignore-errors
