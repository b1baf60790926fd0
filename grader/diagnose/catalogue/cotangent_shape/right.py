"""One weight for one number."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
y.backward(torch.tensor(1.0))
answer = x.grad
# mypy: ignore-errors
