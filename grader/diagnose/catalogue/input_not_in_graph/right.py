"""The tensor that stands in the formula."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
(answer,) = torch.autograd.grad(y, x)
# mypy: ignore-errors
