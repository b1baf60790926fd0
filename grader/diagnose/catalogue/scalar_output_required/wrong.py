"""Three outputs, and no word on how to combine them."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * x
y.backward()
answer = x.grad
# mypy: ignore-errors
