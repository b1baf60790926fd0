"""Steps of gradient descent on a mean of squared errors."""

import torch


def loss(w, x, targets):
    return ((x @ w - targets) ** 2).mean()


def gradient(w, x, targets):
    w = w.clone().requires_grad_()
    return torch.autograd.grad(loss(w, x, targets), w)[0]


def _walk(w, x, targets, steps):
    for _ in range(steps):
        w = w - 0.1 * gradient(w.detach(), x, targets)
    return w


def after_one(w, x, targets):
    return _walk(w, x, targets, 1)


def after_two(w, x, targets):
    return _walk(w, x, targets, 2)


def loss_after(w, x, targets):
    return loss(after_one(w, x, targets), x, targets)


def fitted(w, x, targets):
    return _walk(w, x, targets, 5)
