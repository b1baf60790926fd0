"""The parameter t is not used; x of the notebook is."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)


def slope(t):
    (x * x).sum().backward()
    return x.grad


answer = slope(torch.tensor([5.0, 5.0, 5.0]))
# mypy: ignore-errors
