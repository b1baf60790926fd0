"""The derivative at each element, in the shape of x."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(x**2).backward(torch.ones(3))
answer = x.grad
# mypy: ignore-errors
