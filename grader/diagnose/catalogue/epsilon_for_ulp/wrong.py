"""The spacing at 1, taken for the spacing at 1000."""

import torch

x = torch.tensor(1000.0)
answer = torch.finfo(x.dtype).eps
# mypy: ignore-errors
