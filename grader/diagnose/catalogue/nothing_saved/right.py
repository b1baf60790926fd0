"""A product keeps its factors, and the first pass frees them."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = torch.dot(x, x)
y.backward()
try:
    y.backward()
    answer = "no error"
except RuntimeError:
    answer = "the graph is gone"
# mypy: ignore-errors
