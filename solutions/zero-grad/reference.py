"""Gradients added up and not, and a few steps of gradient descent."""

import torch


def y(a, b, c):
    return 3 * a + 2 * b**2 + torch.log(c)


def once(a, b, c):
    leaves = [t.clone().requires_grad_() for t in (a, b, c)]
    return torch.stack(torch.autograd.grad(y(*leaves), leaves))


def twice(a, b, c):
    return 2 * once(a, b, c)


def descend(w):
    for _ in range(3):
        w = w.detach().requires_grad_()
        w = w - 0.01 * torch.autograd.grad((w**4).sum(), w)[0]
    return w
