"""The same task, done right."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
answer = 2 * x.detach()
# mypy: ignore-errors
