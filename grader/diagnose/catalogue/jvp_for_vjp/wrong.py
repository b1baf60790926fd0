"""J·v for vᵀJ."""

import torch

x, v = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 5.0])
answer = torch.func.jvp(lambda t: t * t.sum(), (x,), (v,))[1]
# mypy: ignore-errors
