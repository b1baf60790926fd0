"""The graph of each step goes with the step, and numbers alone are returned."""

import torch


def fitted(w):
    for _ in range(3):
        (slope,) = torch.autograd.grad((w * w).sum(), w)
        w = (w - 0.1 * slope).detach().requires_grad_()
    return w.detach()


answer = fitted(torch.tensor([1.0, 2.0, 3.0], requires_grad=True)).requires_grad
# mypy: ignore-errors
