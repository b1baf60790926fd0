# %% name="old"
y = 3 * a + 2 * b**2 + c.log()
try:
    torch.autograd.grad(y, (a, b, c), v)
except RuntimeError as error:
    print(error)

# %% name="repaired"
a_gradient, b_gradient, c_gradient = torch.autograd.grad(y.expand_as(v), (a, b, c), v)

# %% name="single"
y = 3 * a + 2 * b**2 + c.log()
a_again = torch.autograd.grad(y, a, v.sum())[0]

# %% name="function"
def shared_gradient(t, v):
    t = t.detach().requires_grad_()
    return torch.autograd.grad(t**3 * torch.ones_like(v), t, v)[0]

# %% name="question"
meaning = "d"
