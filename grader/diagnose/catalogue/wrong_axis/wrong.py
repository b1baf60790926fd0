"""Along another axis."""

import torch

x = torch.ones(2, 5, requires_grad=True)
x.mean(dim=0).sum().backward()
answer = x.grad
# mypy: ignore-errors
