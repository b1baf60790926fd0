# %% name="zeros"
y = 3 * a + 2 * b.square() + c.log()
a_gradient, b_gradient, c_gradient = torch.autograd.grad(y, (a, b, c), v)

# %% name="notice"
def usable(c, v):
    leaf = c.detach().clone().requires_grad_()
    torch.log(leaf).backward(v)
    gradient = leaf.grad
    return not (gradient.isnan().any() or gradient.isinf().any())

# %% name="avoid"
def log_gradient(c):
    leaf = c.detach().requires_grad_()
    safe = torch.where(leaf > 0, leaf, 1.0)
    return torch.autograd.grad(torch.log(safe).sum(), leaf)[0]

# %% name="question"
why_different = "d"
