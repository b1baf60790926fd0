"""Another precision than asked for."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(1 / x).sum().backward()
answer = x.grad.double()
# mypy: ignore-errors
