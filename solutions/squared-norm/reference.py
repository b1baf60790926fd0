"""The squared length and the length of a vector, and their gradients."""

import torch


def squared_length(x):
    return (x**2).sum()


def squared_length_gradient(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(squared_length(x), x)[0]


def length_gradient(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(torch.linalg.vector_norm(x), x)[0]
