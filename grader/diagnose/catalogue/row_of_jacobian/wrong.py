"""The first output is differentiated, and the others are left out."""

import torch

x = torch.tensor([2.0, 3.0], requires_grad=True)
y = torch.stack([x[0] * x[1], x[0] + x[1]])
answer = torch.autograd.grad(y[0], x)[0]
# mypy: ignore-errors
