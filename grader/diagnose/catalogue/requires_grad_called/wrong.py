"""Without the underscore it is True or False, not a method."""

import torch

x = torch.tensor([1.0, 2.0, 3.0])
x.requires_grad(True)
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
