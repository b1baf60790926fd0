# /// outcome
# failed = ["second", "second-derivative", "third-derivative"]
# diagnosis = "accumulated-gradient"
# ///

# %% name="twice"
f(x).sum().backward(create_graph=True)
first = x.grad.clone()
first.sum().backward(retain_graph=True)
second = x.grad.detach().clone()

# %% name="any"
def second_derivative(x):
    x = x.detach().clone().requires_grad_()
    f(x).sum().backward(create_graph=True)
    x.grad.sum().backward()
    return x.grad.detach()


def third_derivative(x):
    x = x.detach().clone().requires_grad_()
    f(x).sum().backward(create_graph=True)
    (second,) = torch.autograd.grad(x.grad.sum(), x, create_graph=True)
    second.sum().backward()
    return x.grad.detach()

# %% name="curvature"
def curvature(x, u):
    x = x.detach().clone().requires_grad_()
    y = x.sum() ** 2 * x[0]
    (gradient,) = torch.autograd.grad(y, x, create_graph=True)
    (product,) = torch.autograd.grad(gradient @ u, x)
    return product @ u

# %% name="question"
cost = "d"
