"""f(x) = log(x²)·sin x + 1/x, and the gradients at its stations."""

import torch


def _steps(x):
    a = x**2
    b = torch.log(a)
    c = torch.sin(x)
    d = b * c
    return a, b, c, d, d + 1 / x


def y(x):
    return _steps(x)[-1]


def _gradient(x, station):
    x = x.clone().requires_grad_()
    *stations, y = _steps(x)
    return torch.autograd.grad(y.sum(), [*stations, x][station])[0]


def a_gradient(x):
    return _gradient(x, 0)


def b_gradient(x):
    return _gradient(x, 1)


def c_gradient(x):
    return _gradient(x, 2)


def d_gradient(x):
    return _gradient(x, 3)


def x_gradient(x):
    return _gradient(x, 4)
