"""The power at the wrong moment."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(x.sum() ** 2).backward()
answer = x.grad
# mypy: ignore-errors
