# %% name="zeros"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v)
a_gradient = a.grad
b_gradient = b.grad
c_gradient = c.grad
print(y, a_gradient, b_gradient, c_gradient)

# %% name="notice"
def usable(c, v):
    gradient = v / c.detach()
    return torch.isfinite(gradient).all().item()

# %% name="avoid"
def log_gradient(c):
    leaf = c.detach().clone().requires_grad_()
    torch.log(leaf.clamp(min=torch.finfo(leaf.dtype).tiny)).sum().backward()
    return leaf.grad

# %% name="question"
why_different = "d"
