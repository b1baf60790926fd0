"""The leaf itself is changed while operations are recorded."""

import torch

x = torch.tensor([1.5, 2.5, 3.5], requires_grad=True)
x -= 0.5
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
