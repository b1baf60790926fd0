"""The numbers that the pass needs are changed, and nobody notices."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
x.data *= 10
y.backward()
answer = x.grad
# mypy: ignore-errors
