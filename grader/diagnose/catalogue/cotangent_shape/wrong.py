"""Three weights for one number."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
y.backward(torch.ones(3))
answer = x.grad
# mypy: ignore-errors
