"""There is no .grad before the first pass."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
x.grad.zero_()
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
