# %% name="twice"
ones = torch.ones(5)
y = f(x)
y.backward(ones, create_graph=True)
first = x.grad.clone()
x.grad = None
first.backward(ones, retain_graph=True)
second = x.grad

# %% name="any"
def second_derivative(x):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).sum().backward(create_graph=True)
    slope = leaf.grad
    leaf.grad = None
    slope.sum().backward()
    return leaf.grad


def third_derivative(x):
    leaf = x.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(leaf).sum(), leaf, create_graph=True)
    (bend,) = torch.autograd.grad(slope.sum(), leaf, create_graph=True)
    bend.sum().backward()
    return leaf.grad

# %% name="curvature"
def curvature(x, u):
    step = torch.zeros((), dtype=x.dtype, requires_grad=True)
    point = x.detach() + step * u
    y = point.sum() ** 2 * point[0]
    (slope,) = torch.autograd.grad(y, step, create_graph=True)
    return torch.autograd.grad(slope, step)[0]

# %% name="question"
cost = "d"
