"""x is switched on after y was computed."""

import torch

x = torch.tensor([1.0, 2.0, 3.0])
y = (x * x).sum()
x.requires_grad_()
y.backward()
answer = x.grad
# mypy: ignore-errors
