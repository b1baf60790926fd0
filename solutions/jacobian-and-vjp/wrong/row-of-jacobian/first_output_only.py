# /// outcome
# failed = ["table-shape"]
# skipped = ["table"]
# ///

# %% name="one"
f(x).backward(v)
weighted = x.grad.clone()

# %% name="table"
x.grad = None
f(x)[0].backward()
table = x.grad.clone()

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
