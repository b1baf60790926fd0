"""vᵀJ of an elementwise square, and of a function that mixes its inputs."""

import torch


def _vjp(function, z, v):
    z = z.clone().requires_grad_()
    return torch.autograd.grad(function(z), z, v)[0]


def _square(z):
    return z**2


def _mix(z):
    return z * z.sum()


def gradient(z):
    return _vjp(_square, z, z)


def derivative(z):
    return _vjp(_square, z, torch.ones_like(z))


def actual(z):
    return _vjp(_mix, z, z)


def predicted(z):
    return z * _vjp(_mix, z, torch.ones_like(z))


def same_without_argument(z, v):
    return _vjp(_mix, z, v)
