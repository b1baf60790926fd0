"""The gradient as it is: 2z."""

import torch

z = torch.tensor(1.0 + 2.0j, requires_grad=True)
(z * z.conj()).real.backward()
answer = z.grad
# mypy: ignore-errors
