# /// outcome
# failed = ["connected"]
# skipped = ["second"]
# diagnosis = "graph-not-created"
# ///

# %% name="twice"
first = torch.autograd.grad(f(x).sum(), x)[0].requires_grad_()
(slope,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
(second,) = torch.autograd.grad(slope.sum(), x)

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
    y = x.sum() ** 2 * x[0]
    (gradient,) = torch.autograd.grad(y, x, create_graph=True)
    (product,) = torch.autograd.grad(gradient @ u, x)
    return product @ u

# %% name="question"
cost = "d"
