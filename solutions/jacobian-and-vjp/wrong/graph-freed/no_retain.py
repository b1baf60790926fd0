# /// outcome
# failed = ["jacobians"]
# missing = ["table-shape"]
# skipped = ["table"]
# diagnosis = "graph-freed"
# ///

# %% name="one"
f(x).backward(v)
weighted = x.grad.clone()

# %% name="table"
y = f(x)
table = torch.stack([torch.autograd.grad(out, x)[0] for out in y])

# %% name="functions"
def vjp(x, v):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward(v)
    return leaf.grad


def jvp(x, u):
    leaf = x.detach().clone().requires_grad_()
    rows = [torch.autograd.grad(out, leaf, retain_graph=True)[0] for out in f(leaf)]
    return torch.stack(rows) @ u

# %% name="batch"
def jacobians(points):
    leaf = points.detach().clone().requires_grad_()
    outputs = torch.stack([f(point) for point in leaf])
    return torch.stack([torch.autograd.grad(outputs[:, i].sum(), leaf)[0] for i in range(2)], dim=1)

# %% name="question"
passes = "a"
