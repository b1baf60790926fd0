"""The argument is written out, and the gradient is the same."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
s = (x * x).sum()
s.backward(torch.tensor(1.0))
answer = x.grad
# mypy: ignore-errors
