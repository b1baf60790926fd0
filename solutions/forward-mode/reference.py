"""A (4, 3) Jacobian, its columns and its products with directions."""

import torch


def value(x):
    return torch.stack([x[0] * x[1], torch.exp(x[2]), x[0] + x[1] * x[2], torch.sin(x[0])])


def jacobian(x):
    x = x.clone().requires_grad_()
    return torch.stack([torch.autograd.grad(out, x, retain_graph=True)[0] for out in value(x)])


def directional(x, u):
    return jacobian(x) @ u


def column(x):
    return jacobian(x)[:, 1]


def dual_product(a, da, b, db):
    return da * b + a * db


def dual_sine(a, da):
    return torch.cos(a) * da
