"""The argument was to be written out, and PyTorch filled it in."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
s = (x * x).sum()
s.backward()
answer = x.grad
# mypy: ignore-errors
