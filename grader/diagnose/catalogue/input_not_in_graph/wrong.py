"""y is computed from a copy, and the gradient of another copy is asked for."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
copy = x.clone()
y = (x * x).sum()
(answer,) = torch.autograd.grad(y, copy)
# mypy: ignore-errors
