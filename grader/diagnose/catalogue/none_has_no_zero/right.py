"""None clears whether there was a gradient or not."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
x.grad = None
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
