"""The same task, done right."""

import torch

x = torch.zeros(3, requires_grad=True)
(x**2).sum().backward()
answer = x.grad
# mypy: ignore-errors
