"""Converted first, recorded from then on: w is a leaf."""

import torch

w = torch.tensor([1.0, 2.0, 3.0]).double().requires_grad_()
optimizer = torch.optim.SGD([w], lr=0.1)
(w * w).sum().backward()
answer = w.grad.float()
# mypy: ignore-errors
