"""Numbers that are right for this x only."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
answer = torch.tensor([2.0, 4.0, 6.0])
# mypy: ignore-errors
