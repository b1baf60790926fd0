"""Converted first: x is a leaf."""

import torch

x = torch.tensor([1.0, 2.0, 3.0]).double().requires_grad_()
(x * x).sum().backward()
answer = x.grad
# mypy: ignore-errors
