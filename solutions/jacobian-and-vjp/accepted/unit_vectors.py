# %% name="one"
(weighted,) = torch.autograd.grad(f(x), x, v)

# %% name="table"
rows = []
for unit in torch.eye(2):
    x.grad = None
    f(x).backward(unit)
    rows.append(x.grad.tolist())
table = rows

# %% name="functions"
def vjp(x, v):
    x = x.detach().requires_grad_()
    return torch.autograd.grad((v * f(x)).sum(), x)[0]


def jvp(x, u):
    units = torch.eye(2, dtype=x.dtype)
    return torch.stack([torch.dot(vjp(x, unit), u) for unit in units])

# %% name="batch"
def jacobians(points):
    units = torch.eye(2, dtype=points.dtype)
    return torch.stack([torch.stack([vjp(point, unit) for unit in units]) for point in points])

# %% name="question"
passes = "a"
