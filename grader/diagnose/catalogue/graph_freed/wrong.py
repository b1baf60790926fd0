"""The first pass frees the graph that the second one needs."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
y.backward()
y.backward()
answer = x.grad
# mypy: ignore-errors
