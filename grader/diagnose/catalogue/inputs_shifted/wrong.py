"""A small number added is another function."""

import torch

x = torch.tensor([0.0, 2.0], requires_grad=True)
torch.log(x + 1e-6).sum().backward()
answer = x.grad
# mypy: ignore-errors
