# %% name="twice"
(first,) = torch.autograd.grad(f(x), x, torch.ones_like(x), create_graph=True)
second = torch.autograd.grad(first, x, torch.ones_like(x))[0].numpy()

# %% name="any"
def total(x):
    return f(x).sum()


def slopes(x):
    return torch.func.grad(total)(x).sum()


def second_derivative(x):
    return torch.func.grad(slopes)(x.detach())


def third_derivative(x):
    return torch.func.grad(lambda t: torch.func.grad(slopes)(t).sum())(x.detach())

# %% name="curvature"
def curvature(x, u):
    def g(x):
        return x.sum() ** 2 * x[0]

    x = x.detach()
    return u @ torch.func.jvp(torch.func.grad(g), (x,), (u,))[1]

# %% name="question"
cost = "d"
