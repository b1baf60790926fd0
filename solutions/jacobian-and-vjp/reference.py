"""Products of a (2, 3) Jacobian with vectors from either side, and the Jacobian itself."""

import torch


def _f(x):
    return torch.stack([x[0] * x[1] * x[2], x[0] ** 2 + torch.sin(x[2])])


def vjp(x, v):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(_f(x), x, v)[0]


def table(x):
    x = x.clone().requires_grad_()
    return torch.stack([torch.autograd.grad(out, x, retain_graph=True)[0] for out in _f(x)])


def jvp(x, u):
    return table(x) @ u


def jacobians(points):
    return torch.stack([table(point) for point in points])


def argument(v):
    return v
