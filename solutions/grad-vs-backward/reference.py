"""Gradients with respect to two inputs, and with respect to a value in the middle."""

import torch


def y(x1, x2):
    return x1**2 + 5 * x2


def gradients(x1, x2):
    x1, x2 = (t.clone().requires_grad_() for t in (x1, x2))
    return torch.stack(torch.autograd.grad(y(x1, x2), (x1, x2), torch.ones_like(x1)))


def first(x1, x2):
    return gradients(x1, x2)[0]


def second(x1, x2):
    return gradients(x1, x2)[1]


def u_gradient(x1, x2):
    u = (x1 * x2).requires_grad_()
    return torch.autograd.grad((u**3).sum(), u)[0]
