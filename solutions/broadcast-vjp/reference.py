"""One number repeated, and a pass that weighs the repetitions."""

import torch


def y(a, b, c):
    return 3 * a + 2 * b**2 + torch.log(c)


def _gradients(a, b, c, v):
    a, b, c = (t.clone().requires_grad_() for t in (a, b, c))
    return torch.autograd.grad(y(a, b, c).expand(v.shape), (a, b, c), v)


def a_gradient(a, b, c, v):
    return _gradients(a, b, c, v)[0]


def b_gradient(a, b, c, v):
    return _gradients(a, b, c, v)[1]


def c_gradient(a, b, c, v):
    return _gradients(a, b, c, v)[2]


def weight(v):
    return v.sum()


def shared_gradient(t, v):
    t = t.reshape(()).clone().requires_grad_()
    return torch.autograd.grad((t**3).expand(v.shape), t, v)[0]
