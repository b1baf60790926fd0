"""The same task, done right."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(first,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
(answer,) = torch.autograd.grad(first.sum(), x)
# mypy: ignore-errors
