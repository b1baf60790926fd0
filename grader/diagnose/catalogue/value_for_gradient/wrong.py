"""The answer is the function's value."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * x
y.sum().backward()
answer = y
# mypy: ignore-errors
