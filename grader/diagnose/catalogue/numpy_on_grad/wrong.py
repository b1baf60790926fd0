"""NumPy is handed a tensor that requires grad."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
y.backward()
answer = x.grad
numbers = x.numpy()
# mypy: ignore-errors
