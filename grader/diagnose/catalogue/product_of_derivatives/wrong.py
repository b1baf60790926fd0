"""The product of the derivatives."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
x = x.detach()
answer = 2 * x * torch.cos(x)
# mypy: ignore-errors
