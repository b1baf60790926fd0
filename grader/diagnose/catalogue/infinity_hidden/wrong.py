"""The largest float in place of an infinity."""

import torch

c = torch.tensor([1.0, 0.0], requires_grad=True)
torch.log(c).sum().backward()
answer = torch.nan_to_num(c.grad)
# mypy: ignore-errors
