"""Computations that in-place operations would spoil, and their gradients."""

import torch


def given(x):
    return x


def mended(x):
    return torch.exp(x) + 1


def exp_gradient(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(mended(x).sum(), x)[0]


def linear(x):
    return 3 * x + 1


def linear_gradient(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(linear(x).sum(), x)[0]


def replaced(x):
    return torch.cat([torch.zeros_like(x[:1]), x[1:]])


def replaced_gradient(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad((replaced(x) ** 2).sum(), x)[0]


def running_product(x):
    return torch.stack([torch.prod(x[: i + 1]) for i in range(len(x))])


def running_product_gradient(x, cotangent):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(running_product(x), x, cotangent)[0]
