"""The table is turned over."""

import torch

x = torch.tensor([1.0, 2.0])


def f(x):
    return torch.stack([x[0] * x[1], x[0] + x[1]])


answer = torch.func.jacrev(f)(x).T
# mypy: ignore-errors
