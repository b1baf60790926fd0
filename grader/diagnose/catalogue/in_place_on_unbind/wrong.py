"""Both rows are views of one tensor and came out of one call."""

import torch

x = torch.tensor([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]], requires_grad=True)
first, second = (x * 1).unbind()
first *= first
first.sum().backward()
answer = x.grad[0]
# mypy: ignore-errors
