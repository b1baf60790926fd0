"""The pass starts at the input and goes nowhere."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
x.backward(torch.ones_like(x))
answer = x.grad
# mypy: ignore-errors
