"""The gradient as it is."""

import torch

c = torch.tensor([1.0, 0.0], requires_grad=True)
torch.log(c).sum().backward()
answer = c.grad
# mypy: ignore-errors
