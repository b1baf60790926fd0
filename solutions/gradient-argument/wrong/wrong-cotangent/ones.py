# /// outcome
# failed = ["argument", "a-gradient", "b-gradient", "c-gradient", "weighted"]
# diagnosis = "wrong-cotangent"
# ///

# %% name="forward"
y = 3 * a + 2 * b**2 + torch.log(c)

# %% name="backward"
y.backward(torch.ones_like(y))
a_gradient = a.grad
b_gradient = b.grad
c_gradient = c.grad

# %% name="question"
meaning = "d"

# %% name="weighted"
def weighted_gradient(x, v):
    x = x.detach().clone().requires_grad_()
    pair(x).backward(torch.ones(2, dtype=x.dtype))
    return x.grad

# %% name="jacobian"
def jacobian(x):
    return torch.autograd.functional.jacobian(pair, x.detach())
