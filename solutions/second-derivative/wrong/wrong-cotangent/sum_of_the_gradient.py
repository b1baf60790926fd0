# /// outcome
# failed = ["curvature"]
# diagnosis = "wrong-cotangent"
# ///

# %% name="twice"
(first,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
(second,) = torch.autograd.grad(first.sum(), x)

# %% name="any"
def derivative(x, order):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    for _ in range(order):
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    return y.detach()


def second_derivative(x):
    return derivative(x, 2)


def third_derivative(x):
    return derivative(x, 3)

# %% name="curvature"
def curvature(x, u):
    x = x.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(x.sum() ** 2 * x[0], x, create_graph=True)
    return torch.autograd.grad(gradient.sum(), x)[0] @ u

# %% name="question"
cost = "d"
