# /// outcome
# failed = ["jacobian"]
# ///

# %% name="forward"
y = 3 * a + 2 * b**2 + torch.log(c)

# %% name="backward"
y.backward(v)
a_gradient = a.grad
b_gradient = b.grad
c_gradient = c.grad

# %% name="question"
meaning = "d"

# %% name="weighted"
def weighted_gradient(x, v):
    x = x.detach().clone().requires_grad_()
    pair(x).backward(v)
    return x.grad

# %% name="jacobian"
def jacobian(x):
    x = x.detach().clone().requires_grad_()
    result = torch.zeros_like(x)
    for i, out in enumerate(pair(x)):
        result[i] = torch.autograd.grad(out, x, retain_graph=True)[0][i]
    return result
