"""The root is complex."""

import torch

z = torch.tensor([0.5 + 1.0j, 1.0 + 2.0j, 1.5 + 3.0j], requires_grad=True)
y = (z * z).sum()
y.backward()
answer = z.grad
# mypy: ignore-errors
