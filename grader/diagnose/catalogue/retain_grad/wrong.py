"""u is computed from detached numbers and requires no gradient."""

import torch

x = torch.tensor([0.0, 1.0, 2.0], requires_grad=True)
u = x.detach() + 1
u.retain_grad()
(u * u).sum().backward()
answer = u.grad
# mypy: ignore-errors
