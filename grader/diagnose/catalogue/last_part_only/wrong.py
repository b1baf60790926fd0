"""Only the last part remained."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
for row in torch.eye(3):
    total = row * x.detach()
answer = total
# mypy: ignore-errors
