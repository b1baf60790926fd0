"""vᵀJ for J·u."""

import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
u = torch.tensor([3.0, 5.0])
(x * x.sum()).backward(u)
answer = x.grad
# mypy: ignore-errors
