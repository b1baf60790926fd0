"""The weights are not in the argument."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
v = torch.tensor([1.0, 0.5, 2.0])
y = x**2
((v * y) ** 2).sum().backward()
answer = x.grad
# mypy: ignore-errors
