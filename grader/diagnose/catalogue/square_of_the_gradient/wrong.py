"""The square of the gradient."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(first,) = torch.autograd.grad((x**3).sum(), x)
answer = first**2
# mypy: ignore-errors
