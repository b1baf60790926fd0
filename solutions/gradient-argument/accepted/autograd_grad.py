# %% name="forward"
y = 3 * a + 2 * b**2 + torch.log(c)

# %% name="backward"
a_gradient, b_gradient, c_gradient = torch.autograd.grad(y, (a, b, c), v)

# %% name="question"
meaning = "d"

# %% name="weighted"
def weighted_gradient(x, v):
    x = x.detach().requires_grad_()
    return torch.autograd.grad(pair(x), x, grad_outputs=v)[0]

# %% name="jacobian"
def jacobian(x):
    return torch.autograd.functional.jacobian(pair, x.detach())
