# %% name="one"
(v @ f(x)).backward()
weighted = x.grad
# once more with the argument itself
x.grad = None
f(x).backward(v)
weighted = x.grad.clone()

# %% name="table"
table = torch.autograd.grad(f(x), x, torch.eye(2), is_grads_batched=True)[0]

# %% name="functions"
def vjp(x, v):
    leaf = x.detach().clone().requires_grad_()
    torch.autograd.backward([f(leaf)], [v])
    return leaf.grad


def jvp(x, u):
    leaf = x.detach().clone().requires_grad_()
    weights = torch.zeros(2, dtype=x.dtype, requires_grad=True)
    (row,) = torch.autograd.grad(f(leaf), leaf, weights, create_graph=True)
    return torch.autograd.grad(row, weights, u)[0]

# %% name="batch"
def jacobians(points):
    leaf = points.detach().clone().requires_grad_()
    outputs = torch.stack([f(point) for point in leaf])
    first = torch.autograd.grad(outputs[:, 0].sum(), leaf, retain_graph=True)[0]
    second = torch.autograd.grad(outputs[:, 1].sum(), leaf)[0]
    return torch.stack([first, second], dim=1)

# %% name="question"
passes = "a"
