"""The function answers for what it was called with."""

import torch


def slope(t):
    t = t.detach().clone().requires_grad_()
    (t * t).sum().backward()
    return t.grad


answer = slope(torch.tensor([5.0, 5.0, 5.0]))
# mypy: ignore-errors
