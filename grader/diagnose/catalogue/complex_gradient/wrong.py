"""The conjugate of what the pass gave."""

import torch

z = torch.tensor(1.0 + 2.0j, requires_grad=True)
(z * z.conj()).real.backward()
answer = z.grad.conj().resolve_conj()
# mypy: ignore-errors
