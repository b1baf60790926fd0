"""The first derivative has no graph, so there is nothing to differentiate."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(first,) = torch.autograd.grad((x**3 / 3).sum(), x, retain_graph=True)
(answer,) = torch.autograd.grad(first.sum(), x)
# mypy: ignore-errors
