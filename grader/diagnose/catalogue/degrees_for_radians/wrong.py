"""x is in radians already."""

import torch

x = torch.tensor([1.0, 2.0, 3.0])
answer = torch.sin(torch.deg2rad(x))
# mypy: ignore-errors
