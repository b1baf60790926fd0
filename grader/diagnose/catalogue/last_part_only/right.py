"""The same task, done right."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
total = 0
for row in torch.eye(3):
    total = total + row * x.detach()
answer = total
# mypy: ignore-errors
