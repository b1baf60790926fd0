"""Two derivatives for three elements."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
x.grad = torch.zeros(2)
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
