"""The same task, done right."""

import torch

x = torch.tensor([0.0, 2.0], requires_grad=True)
torch.log(x[x > 0]).sum().backward()
answer = x.grad
# mypy: ignore-errors
