"""x records before y is computed."""

import torch

x = torch.tensor([1.0, 2.0, 3.0])
x.requires_grad_()
y = (x * x).sum()
y.backward()
answer = x.grad
# mypy: ignore-errors
