"""A tensor that does not occur gets None."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
other = torch.tensor(1.0, requires_grad=True)
(gradient,) = torch.autograd.grad((x * x).sum(), other, allow_unused=True)
answer = gradient
# mypy: ignore-errors
