"""A function of three numbers, its gradient, and what small steps do."""

import torch


def y(a, b, c):
    return 3 * a + 2 * b**2 + torch.log(c)


def gradients(a, b, c):
    leaves = [t.clone().requires_grad_() for t in (a, b, c)]
    return torch.stack(torch.autograd.grad(y(*leaves), leaves))


def a_gradient(a, b, c):
    return gradients(a, b, c)[0]


def b_gradient(a, b, c):
    return gradients(a, b, c)[1]


def c_gradient(a, b, c):
    return gradients(a, b, c)[2]


def predicted_change(a, b, c):
    return 0.001 * gradients(a, b, c).sum()


def real_change(a, b, c):
    return y(a + 0.001, b + 0.001, c + 0.001) - y(a, b, c)
