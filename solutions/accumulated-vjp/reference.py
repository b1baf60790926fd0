"""Gradients that several passes over one graph add up to."""

import torch


def y(a, b, c):
    return 3 * a + 2 * b**2 + torch.log(c)


def _gradients(a, b, c, weight):
    a, b, c = (t.clone().requires_grad_() for t in (a, b, c))
    return torch.autograd.grad(y(a, b, c), (a, b, c), weight)


def a_steps(a, b, c, v):
    return torch.stack([_gradients(a, b, c, weight)[0] for weight in torch.cumsum(v, 0)])


def a_gradient(a, b, c, v):
    return _gradients(a, b, c, v.sum())[0]


def b_gradient(a, b, c, v):
    return _gradients(a, b, c, v.sum())[1]


def c_gradient(a, b, c, v):
    return _gradients(a, b, c, v.sum())[2]


def batch_gradient(w, x):
    w = w.clone().requires_grad_()
    return torch.autograd.grad(((x @ w) ** 2).mean(), w)[0]
