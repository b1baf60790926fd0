"""y is computed from detached tensors; no path leads back to x."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x.detach() * x.detach()).sum()
y.backward()
answer = x.grad
# mypy: ignore-errors
