"""`no_grad` leaves an ordinary tensor behind."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
with torch.no_grad():
    factor = torch.full((3,), 2.0)
(x * factor * x / 2).sum().backward()
answer = x.grad
# mypy: ignore-errors
