"""No derivative at zero on the way."""

import torch

x = torch.zeros(3, requires_grad=True)
(torch.sqrt((x**2).sum()) ** 2).backward()
answer = x.grad
# mypy: ignore-errors
