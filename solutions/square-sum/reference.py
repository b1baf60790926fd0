"""The sum of squares and its gradient, weighted by the argument of the pass."""

import torch


def total(z):
    return (z**2).sum()


def loss_gradient(z, c):
    z = z.clone().requires_grad_()
    return torch.autograd.grad(total(z), z, c.reshape(()))[0]


def gradient(z):
    return loss_gradient(z, torch.ones(()))


def with_three(z):
    return loss_gradient(z, torch.tensor(3.0))


def one():
    return torch.ones(())


def three():
    return torch.tensor(3.0)
