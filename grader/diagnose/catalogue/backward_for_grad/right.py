"""The same task, done right."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(first,) = torch.autograd.grad((x**2).sum(), x)
(answer,) = torch.autograd.grad((x**2).sum(), x)
# mypy: ignore-errors
