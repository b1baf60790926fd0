# /// outcome
# failed = ["weighted"]
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
    return torch.func.jvp(pair, (x.detach(),), (v,))[1]

# %% name="jacobian"
def jacobian(x):
    return torch.func.jacfwd(pair)(x.detach())
