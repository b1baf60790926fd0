"""With the underscore it changes x."""

import torch

x = torch.tensor([1.0, 2.0, 3.0])
x.requires_grad_(True)
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
