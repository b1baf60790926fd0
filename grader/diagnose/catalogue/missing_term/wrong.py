"""A part of the sum is missing."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
answer = 2 * x.detach()
# mypy: ignore-errors
