"""Derivatives of derivatives, element by element and in a direction."""

import torch


def _derivative(x, order):
    x = x.clone().requires_grad_()
    y = x**3 * torch.sin(x)
    for _ in range(order):
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    return y.detach()


def first(x):
    return _derivative(x, 1)


def second(x):
    return _derivative(x, 2)


def third(x):
    return _derivative(x, 3)


def curvature(x, u):
    x = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(x.sum() ** 2 * x[0], x, create_graph=True)
    return torch.autograd.grad(gradient @ u, x)[0] @ u
