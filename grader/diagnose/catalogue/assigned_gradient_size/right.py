"""One derivative for each element."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
x.grad = torch.zeros_like(x)
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
