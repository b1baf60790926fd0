# /// outcome
# failed = ["jvp"]
# ///

# %% name="one"
f(x).backward(v)
weighted = x.grad.clone()

# %% name="table"
y = f(x)
table = torch.stack([torch.autograd.grad(out, x, retain_graph=True)[0] for out in y])
print(v @ table, weighted)

# %% name="functions"
def vjp(x, v):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward(v)
    return leaf.grad


def jvp(x, u):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward(u[:2])
    return leaf.grad

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
