"""y = 3a + 2b² + log c and what a pass with v gives; the same for pair(x) = [x0 x1, x0 + x1]."""

import torch


def y(a, b, c):
    return 3 * a + 2 * b**2 + torch.log(c)


def gradients(a, b, c, v):
    leaves = [t.clone().requires_grad_() for t in (a, b, c)]
    return torch.autograd.grad(y(*leaves), leaves, v)


def a_gradient(a, b, c, v):
    return gradients(a, b, c, v)[0]


def b_gradient(a, b, c, v):
    return gradients(a, b, c, v)[1]


def c_gradient(a, b, c, v):
    return gradients(a, b, c, v)[2]


def cotangent(v):
    return v


def pair(x):
    return torch.stack([x[0] * x[1], x[0] + x[1]])


def weighted_gradient(x, v):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(pair(x), x, v)[0]


def jacobian(x):
    x = x.clone().requires_grad_()
    outputs = pair(x)
    return torch.stack([torch.autograd.grad(out, x, retain_graph=True)[0] for out in outputs])
