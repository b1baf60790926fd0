"""Zeros are asked for, as in old versions."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
optimizer = torch.optim.SGD([x], lr=0.1)
(x * x).sum().backward()
optimizer.zero_grad(set_to_none=False)
answer = x.grad is None
# mypy: ignore-errors
