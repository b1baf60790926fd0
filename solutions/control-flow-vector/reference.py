"""The gradient of the sum of f's outputs at `a`, of any shape."""

import torch


def f(a):
    b = a * 2
    while b.norm() < 1000:
        b = b * 2
    if b.sum() > 0:
        return b
    return 100 * b


def gradient(a):
    a = a.clone().requires_grad_()
    return torch.autograd.grad(f(a).sum(), a)[0]
