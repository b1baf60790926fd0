"""Cleared means None."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
optimizer = torch.optim.SGD([x], lr=0.1)
(x * x).sum().backward()
optimizer.zero_grad()
answer = x.grad is None
# mypy: ignore-errors
