"""Gradients of twice the squared length, of a product, and of a dot product."""

import torch


def dot_gradient(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(2 * torch.dot(x, x), x)[0]


def product_gradient(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(torch.prod(x + 1), x)[0]


def dot_gradients(a, b):
    a, b = (t.clone().requires_grad_() for t in (a, b))
    return torch.stack(torch.autograd.grad(torch.dot(a, b), (a, b)))
