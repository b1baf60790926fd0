# %% name="one"
f(x).backward(gradient=v.clone())
weighted = x.grad.numpy().copy()

# %% name="table"
table = torch.autograd.functional.jacobian(f, x.detach())

# %% name="functions"
def vjp(x, v):
    _, pull_back = torch.func.vjp(f, x.detach())
    return pull_back(v)[0]


def jvp(x, u):
    return torch.func.jvp(f, (x.detach(),), (u,))[1]

# %% name="batch"
def jacobians(points):
    return torch.func.vmap(torch.func.jacrev(f))(points.detach())

# %% name="question"
passes = "a"
