# /// outcome
# failed = ["one-pass", "argument", "rows-pass"]
# missing = ["table-shape"]
# skipped = ["weighted", "table"]
# diagnosis = "scalar-output-required"
# ///

# %% name="one"
f(x).backward()
weighted = x.grad

# %% name="table"
y = f(x)
table = torch.autograd.grad(y, x)[0]

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
    result = []
    for point in points:
        leaf = point.detach().clone().requires_grad_()
        rows = [torch.autograd.grad(out, leaf, retain_graph=True)[0] for out in f(leaf)]
        result.append(torch.stack(rows))
    return torch.stack(result)

# %% name="question"
passes = "a"
