"""The name as it was defined."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
loss = (x * x).sum()
loss.backward()
answer = x.grad
# mypy: ignore-errors
