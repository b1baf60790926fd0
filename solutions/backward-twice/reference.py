"""The gradient of y = 2 (x · x) after one pass, and after two passes over one graph."""

import torch


def gradient_of_one_pass(x):
    x = x.clone().requires_grad_()
    (2 * torch.dot(x, x)).backward()
    return x.grad


def gradient_of_two_passes(x):
    x = x.clone().requires_grad_()
    y = 2 * torch.dot(x, x)
    y.backward(retain_graph=True)
    y.backward()
    return x.grad
