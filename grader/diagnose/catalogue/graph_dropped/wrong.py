"""The list is copied into a new tensor without a history."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
squares = torch.tensor([element * element for element in x])
squares.sum().backward()
answer = x.grad
# mypy: ignore-errors
