"""No error any more, and twice the gradient."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
y.backward(retain_graph=True)
y.backward()
answer = x.grad
# mypy: ignore-errors
