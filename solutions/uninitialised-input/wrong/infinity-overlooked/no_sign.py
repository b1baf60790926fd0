# /// outcome
# failed = ["usable"]
# ///

# %% name="zeros"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v)
a_gradient = a.grad
b_gradient = b.grad
c_gradient = c.grad
print(y, a_gradient, b_gradient, c_gradient)

# %% name="notice"
def usable(c, v):
    leaf = c.detach().clone().requires_grad_()
    torch.log(leaf).backward(v)
    gradient = leaf.grad
    return bool((gradient < float("inf")).all())

# %% name="avoid"
def log_gradient(c):
    leaf = c.detach().clone().requires_grad_()
    torch.log(leaf[leaf > 0]).sum().backward()
    return leaf.grad

# %% name="question"
why_different = "d"
