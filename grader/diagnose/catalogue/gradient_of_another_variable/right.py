"""The same task, done right."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
b = torch.tensor([5.0, 6.0, 7.0], requires_grad=True)
(x * b).sum().backward()
answer = x.grad
# mypy: ignore-errors
