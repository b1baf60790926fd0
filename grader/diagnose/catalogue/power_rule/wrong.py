"""The power rule, half done."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
answer = 2 * x.detach() ** 2
# mypy: ignore-errors
