"""The table of all derivatives of all elements."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(x**2).backward(torch.ones(3))
answer = torch.autograd.functional.jacobian(lambda t: t**2, x)
# mypy: ignore-errors
