"""The function that was asked for, whose slope at 0 is 0."""

import torch

x = torch.tensor([-1.0, 0.0, 2.0], requires_grad=True)
y = torch.relu(x)
y.sum().backward()
answer = x.grad
# mypy: ignore-errors
