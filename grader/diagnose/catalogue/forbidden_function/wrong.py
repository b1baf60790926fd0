"""A ready-made function does what was to be built."""

import torch

x = torch.tensor([1.0, 2.0, 3.0])
used = ["cumprod"]
products = torch.cumprod(x, 0)
answer = "cumprod" in used
# mypy: ignore-errors
