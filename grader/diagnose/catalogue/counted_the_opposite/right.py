"""How many are not equal."""

import torch

equal = torch.tensor([1.0, 2.0, 3.0]) == torch.tensor([1.0, 0.0, 0.0])
answer = (~equal).sum().item()
# mypy: ignore-errors
