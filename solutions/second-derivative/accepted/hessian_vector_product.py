# %% name="twice"
y = f(x)
slopes = [torch.autograd.grad(y[i], x, create_graph=True)[0][i] for i in range(5)]
first = torch.stack(slopes)
second = torch.stack([torch.autograd.grad(s, x, retain_graph=True)[0][i] for i, s in enumerate(slopes)])

# %% name="any"
def second_derivative(x):
    flat = x.detach().flatten()
    H = torch.autograd.functional.hessian(lambda t: f(t).sum(), flat)
    return H.diagonal().reshape(x.shape)


def third_derivative(x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    ones = torch.ones_like(y)
    for _ in range(2):
        y = torch.autograd.grad(y, leaf, ones, create_graph=True)[0]
    return torch.autograd.grad(y, leaf, ones)[0]

# %% name="curvature"
def curvature(x, u):
    def g(x):
        return x.sum().square() * x[0]

    _, product = torch.autograd.functional.hvp(g, x.detach(), u)
    return torch.dot(product, u)

# %% name="question"
cost = "d"
