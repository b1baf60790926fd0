"""The name is misspelt, so the cell stops there."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
loss = (x * x).sum()
los.backward()  # noqa: F821
answer = x.grad
# mypy: ignore-errors
