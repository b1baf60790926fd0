"""The root is real: the sum of the squared absolute values."""

import torch

z = torch.tensor([1.0 + 0.0j, 2.0 + 0.0j, 3.0 + 0.0j], requires_grad=True)
y = (z * z.conj()).real.sum()
y.backward()
answer = z.grad.real
# mypy: ignore-errors
