"""The gradient of u is asked for before the pass."""

import torch

x = torch.tensor([0.0, 1.0, 2.0], requires_grad=True)
u = x + 1
u.retain_grad()
(u * u).sum().backward()
answer = u.grad
# mypy: ignore-errors
