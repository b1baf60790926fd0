"""Two gradients for one input."""

import torch


class Squared(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t):
        ctx.save_for_backward(t)
        return t * t

    @staticmethod
    def backward(ctx, grad_output):
        (t,) = ctx.saved_tensors
        return grad_output * 2 * t, grad_output


x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
Squared.apply(x).sum().backward()
answer = x.grad
# mypy: ignore-errors
