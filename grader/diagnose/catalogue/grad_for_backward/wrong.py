"""grad where backward is asked for."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
torch.autograd.grad((x**2).sum(), x)
answer = x.grad
# mypy: ignore-errors
