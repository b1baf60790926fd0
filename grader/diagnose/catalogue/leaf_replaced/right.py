"""The same tensor with other numbers."""

import torch

w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(w * w).sum().backward()
with torch.no_grad():
    w -= 0.1 * w.grad
answer = w.requires_grad
# mypy: ignore-errors
