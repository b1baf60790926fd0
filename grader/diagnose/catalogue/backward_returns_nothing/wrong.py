"""The None that is returned is taken for the gradient."""

import torch


def gradient(x):
    return (x * x).sum().backward()


answer = gradient(torch.tensor([1.0, 2.0, 3.0], requires_grad=True))
# mypy: ignore-errors
