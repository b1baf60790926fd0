"""The gradient is read from the leaf."""

import torch


def gradient(x):
    (x * x).sum().backward()
    return x.grad


answer = gradient(torch.tensor([1.0, 2.0, 3.0], requires_grad=True))
# mypy: ignore-errors
