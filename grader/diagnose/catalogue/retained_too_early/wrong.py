"""The graph is kept: the second pass raises nothing."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
y.backward(retain_graph=True)
try:
    y.backward()
    answer = "no error"
except RuntimeError:
    answer = "the graph is gone"
# mypy: ignore-errors
