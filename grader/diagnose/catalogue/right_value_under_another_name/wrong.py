"""The answer is under another name."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
answer = ...
(x**2).sum().backward()
gradient = x.grad
# mypy: ignore-errors
