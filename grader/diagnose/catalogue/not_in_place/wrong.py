"""The name moves to a new tensor, and the old one stays as it was."""

import torch

z = torch.tensor([1.0, 2.0, 3.0])
same = z
z = z + 1
answer = same
# mypy: ignore-errors
