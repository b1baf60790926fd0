"""A derivative of another order."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x**3).sum()
(first,) = torch.autograd.grad(y, x, retain_graph=True)
(answer,) = torch.autograd.grad(y, x)
# mypy: ignore-errors
