"""The same task, done right."""

import torch


def f(a):
    """One of two straight lines."""
    return 2 * a if a.sum() > 0 else 200 * a


x = torch.tensor([-1.0, -2.0], requires_grad=True)
f(x).sum().backward()
answer = x.grad
# mypy: ignore-errors
