"""x records from the start."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
w = torch.tensor(1.0, requires_grad=True)
y = (w * x * x).sum()
(answer,) = torch.autograd.grad(y, x)
# mypy: ignore-errors
