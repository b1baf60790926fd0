"""`part` is a copy in the graph; x stays as it was."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
part = x[:2].clone()
part *= 2
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
