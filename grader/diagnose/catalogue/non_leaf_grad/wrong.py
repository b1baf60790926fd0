"""u is a result, not a leaf: its .grad is not kept."""

import torch

x = torch.tensor([0.0, 1.0, 2.0], requires_grad=True)
u = x + 1
(u * u).sum().backward()
answer = torch.zeros(3) if u.grad is None else u.grad
# mypy: ignore-errors
