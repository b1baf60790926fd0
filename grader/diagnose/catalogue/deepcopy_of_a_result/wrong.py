"""A deep copy of a result."""

import copy

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * x
kept = copy.deepcopy(y)
y.sum().backward()
answer = x.grad
# mypy: ignore-errors
