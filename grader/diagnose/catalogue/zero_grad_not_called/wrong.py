"""The optimiser did not clear it."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
b = torch.ones(3, requires_grad=True)
optimizer = torch.optim.SGD([x, b], lr=0.1)
(x * b).sum().backward()
x.grad = None
answer = b.grad
# mypy: ignore-errors
