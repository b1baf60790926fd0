"""x is passed as v: the gradient comes out multiplied by x."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * x
y.backward(x)
answer = x.grad
# mypy: ignore-errors
