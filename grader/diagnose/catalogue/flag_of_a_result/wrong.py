"""y is a result; its flag follows from x."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * x
y.requires_grad_(False)
y.sum().backward()
answer = x.grad
# mypy: ignore-errors
