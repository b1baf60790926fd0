"""The gradient of a sum of squared errors."""

import torch


def gradient(w, x, y):
    w = w.clone().requires_grad_()
    return torch.autograd.grad(((x @ w - y) ** 2).sum(), w)[0]


def four_each_time():
    return 8
