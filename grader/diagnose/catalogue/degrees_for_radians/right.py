"""`sin` takes radians."""

import torch

x = torch.tensor([1.0, 2.0, 3.0])
answer = torch.sin(x)
# mypy: ignore-errors
