"""The copy changes, x does not."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
shifted = x.detach().clone()
shifted += 1
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
