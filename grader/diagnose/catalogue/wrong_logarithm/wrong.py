"""A logarithm to base 10."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
torch.log10(x).sum().backward()
answer = x.grad
# mypy: ignore-errors
