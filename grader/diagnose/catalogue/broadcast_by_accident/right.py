"""The same task, done right."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
targets = torch.tensor([0.0, 1.0, 5.0])
((x - targets) ** 2).sum().backward()
answer = x.grad
# mypy: ignore-errors
