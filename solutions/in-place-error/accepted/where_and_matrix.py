# %% name="provoked"
y = torch.exp(x)
y -= -1.0
try:
    torch.autograd.grad(y.sum(), x)
except RuntimeError as error:
    message = str(error)

# %% name="mended"
leaf = x.detach().clone().requires_grad_()
mended = 1 + torch.exp(leaf)
mended.backward(torch.ones(4))
exp_gradient = leaf.grad.numpy()

# %% name="harmless"
leaf = x.detach().clone().requires_grad_()
z = leaf * 3
z += 1
z.sum().backward()
linear_gradient = leaf.grad.numpy()

# %% name="replaced"
leaf = x.detach().clone().requires_grad_()
r = torch.where(torch.arange(4) == 0, 0.0, leaf)
r.pow(2).sum().backward()
replaced_gradient = leaf.grad.numpy()

# %% name="function"
def running_product(x):
    n = len(x)
    lower = torch.ones(n, n, dtype=torch.bool).tril()
    table = torch.where(lower, x.expand(n, n), torch.ones((), dtype=x.dtype))
    return table.prod(dim=1)

# %% name="question"
why_exp = "a"
