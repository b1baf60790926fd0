"""`part` shares its numbers with the leaf x."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
part = x[:2]
part *= 2
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
