"""Zeros are asked for in place of None."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
other = torch.tensor(1.0, requires_grad=True)
(gradient,) = torch.autograd.grad((x * x).sum(), other, materialize_grads=True)
answer = gradient
# mypy: ignore-errors
