"""x changes along with its detached twin."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
shifted = x.detach()
shifted += 1
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
