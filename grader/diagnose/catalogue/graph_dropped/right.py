"""`stack` is part of the graph."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
squares = torch.stack([element * element for element in x])
squares.sum().backward()
answer = x.grad
# mypy: ignore-errors
