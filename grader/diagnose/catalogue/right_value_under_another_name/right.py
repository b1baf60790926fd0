"""The same task, done right."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
gradient = ...
(x**2).sum().backward()
g = x.grad
gradient = g
answer = gradient
# mypy: ignore-errors
