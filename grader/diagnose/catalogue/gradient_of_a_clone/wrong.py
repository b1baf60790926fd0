"""The clone is a result; its .grad stays None."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
t = x.clone()
(t * t).sum().backward()
answer = t.grad
# mypy: ignore-errors
