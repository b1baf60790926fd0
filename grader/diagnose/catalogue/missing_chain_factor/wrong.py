"""A factor of the chain is missing."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
answer = torch.cos(x.detach() ** 2)
# mypy: ignore-errors
