"""The mean instead of the sum: a third of the gradient."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).mean()
y.backward()
answer = x.grad
# mypy: ignore-errors
