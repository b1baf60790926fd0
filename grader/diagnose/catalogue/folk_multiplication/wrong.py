"""backward does not multiply by the tensor."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
v = torch.tensor([3.0, 0.5, 2.0])
x.clone().backward(v)
answer = x.grad * x.detach()
# mypy: ignore-errors
