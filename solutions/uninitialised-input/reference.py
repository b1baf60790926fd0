"""Gradients where a logarithm meets zero, how to notice them, how to avoid them."""

import torch


def y(a, b, c):
    return 3 * a + 2 * b**2 + torch.log(c)


def _gradients(a, b, c, v):
    a, b, c = (t.clone().requires_grad_() for t in (a, b, c))
    return torch.autograd.grad(y(a, b, c), (a, b, c), v)


def a_gradient(a, b, c, v):
    return _gradients(a, b, c, v)[0]


def b_gradient(a, b, c, v):
    return _gradients(a, b, c, v)[1]


def c_gradient(a, b, c, v):
    return _gradients(a, b, c, v)[2]


def usable(c, v):
    c = c.clone().requires_grad_()
    gradient = torch.autograd.grad(torch.log(c), c, v)[0]
    return bool(torch.isfinite(gradient).all())


def log_gradient(c):
    c = c.clone().requires_grad_()
    return torch.autograd.grad(torch.log(c[c > 0]).sum(), c)[0]
