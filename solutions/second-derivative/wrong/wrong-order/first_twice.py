# /// outcome
# failed = ["second", "second-derivative", "third-derivative"]
# ///

# %% name="twice"
(first,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
(second,) = torch.autograd.grad(f(x).sum(), x)

# %% name="any"
def second_derivative(x):
    x = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(x).sum(), x)[0]


def third_derivative(x):
    x = x.detach().clone().requires_grad_()
    (first,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    return torch.autograd.grad(first.sum(), x)[0]

# %% name="curvature"
def curvature(x, u):
    x = x.detach().clone().requires_grad_()
    y = x.sum() ** 2 * x[0]
    (gradient,) = torch.autograd.grad(y, x, create_graph=True)
    (product,) = torch.autograd.grad(gradient @ u, x)
    return product @ u

# %% name="question"
cost = "d"
