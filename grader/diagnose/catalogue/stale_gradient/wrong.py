"""The old gradient once more."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(x**3).sum().backward()
w = x.detach() - 0.1 * x.grad
answer = w - 0.1 * x.grad
# mypy: ignore-errors
