"""y is a Python number: it has no graph."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum().item()
y.backward()
answer = x.grad
# mypy: ignore-errors
