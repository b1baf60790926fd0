# /// outcome
# failed = ["second-derivative", "third-derivative"]
# diagnosis = "finite-differences"
# ///

# %% name="twice"
(first,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
(second,) = torch.autograd.grad(first.sum(), x)

# %% name="any"
def slope(x):
    x = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(x).sum(), x)[0]


def second_derivative(x):
    return (slope(x + 1e-3) - slope(x - 1e-3)) / 2e-3


def third_derivative(x):
    return (second_derivative(x + 1e-2) - second_derivative(x - 1e-2)) / 2e-2

# %% name="curvature"
def curvature(x, u):
    x = x.detach().clone().requires_grad_()
    y = x.sum() ** 2 * x[0]
    (gradient,) = torch.autograd.grad(y, x, create_graph=True)
    (product,) = torch.autograd.grad(gradient @ u, x)
    return product @ u

# %% name="question"
cost = "d"
