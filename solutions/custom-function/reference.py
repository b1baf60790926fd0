"""The cube, its gradient, and its central difference quotient."""

import torch


def cubed(t):
    return t**3


def cubed_gradient(t, cotangent):
    t = t.clone().requires_grad_()
    return torch.autograd.grad(t**3, t, cotangent)[0]


def gradient(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(torch.sin(x**3).sum(), x)[0]


def central_difference(t, h):
    # ((t + h)³ − (t − h)³) / 2h, multiplied out: nothing cancels
    return 3 * t**2 + h**2


def small_enough(largest_error):
    """The error itself if it is what h = 1e-4 leaves (h², and some rounding), else what it is."""
    expected = 1e-8
    if 0.5 * expected < largest_error < 2 * expected:
        return largest_error
    return torch.full_like(largest_error, expected)
