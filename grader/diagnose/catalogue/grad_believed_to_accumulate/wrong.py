"""Two answers are added, as if the second were a part of a sum."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
(first,) = torch.autograd.grad(y, x, retain_graph=True)
(second,) = torch.autograd.grad(y, x)
answer = first + second
# mypy: ignore-errors
