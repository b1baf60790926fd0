# %% name="forward"
a = x * x
b = a.log()
c = x.sin()
d = torch.mul(b, c)
e = torch.reciprocal(x)
y = torch.add(d, e)

# %% name="backward"
nodes = (a, b, c, d, x)
a_gradient, b_gradient, c_gradient, d_gradient, x_gradient = torch.autograd.grad(y.sum(), nodes)

# %% name="hand"
def by_hand(x):
    return 2 * torch.sin(x) / x + torch.log(x * x) * torch.cos(x) - x**-2

# %% name="question"
why_sum = "b"
