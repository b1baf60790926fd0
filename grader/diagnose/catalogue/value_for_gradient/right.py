"""The answer is in the `.grad` of the input."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * x
y.sum().backward()
answer = x.grad
# mypy: ignore-errors
