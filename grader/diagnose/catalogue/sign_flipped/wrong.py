"""A minus in the weights turns every sign."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * x
y.backward(-torch.ones_like(y))
answer = x.grad
# mypy: ignore-errors
