"""The same products from single steps."""

import torch

x = torch.tensor([1.0, 2.0, 3.0])
used = ["mul", "stack"]
steps = [x[0], x[0] * x[1], x[0] * x[1] * x[2]]
products = torch.stack(steps)
answer = "cumprod" in used
# mypy: ignore-errors
