"""The same task, done right."""

import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
v = torch.tensor([3.0, 5.0])
(x * x.sum()).backward(v)
answer = x.grad
# mypy: ignore-errors
