"""The tensor itself is changed, whatever it is called."""

import torch

z = torch.tensor([1.0, 2.0, 3.0])
same = z
z += 1
answer = same
# mypy: ignore-errors
