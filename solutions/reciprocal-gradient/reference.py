"""The reciprocal, its derivative, and a comparison that knows the size of what it compares."""

import torch


def reciprocal(a):
    return 1 / a


def gradient(a):
    a = a.clone().requires_grad_()
    return torch.autograd.grad(1 / a, a)[0]


def same_up_to_rounding(got, expected):
    return bool(((got - expected).abs() <= 1e-5 * expected.abs()).all())
