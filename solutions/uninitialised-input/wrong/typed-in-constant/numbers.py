# /// outcome
# failed = ["b-gradient", "c-gradient"]
# diagnosis = "typed-in-constant"
# ///

# %% name="zeros"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v)
a_gradient = torch.tensor([0.3, 0.0, 0.0003])
b_gradient = torch.zeros(3)
c_gradient = torch.tensor([torch.inf, torch.nan, torch.inf])

# %% name="notice"
def usable(c, v):
    leaf = c.detach().clone().requires_grad_()
    torch.log(leaf).backward(v)
    gradient = leaf.grad
    return bool(torch.isfinite(gradient).all())

# %% name="avoid"
def log_gradient(c):
    leaf = c.detach().clone().requires_grad_()
    torch.log(leaf[leaf > 0]).sum().backward()
    return leaf.grad

# %% name="question"
why_different = "d"
