# /// outcome
# failed = ["a-gradient", "x-gradient"]
# ///

# %% name="forward"
a = x**2
b = torch.log(a)
c = torch.sin(x)
d = b * c
e = 1 / x
y = d + e

# %% name="backward"
a_gradient = torch.autograd.grad(b.sum(), a, retain_graph=True)[0]
b_gradient = torch.autograd.grad(d.sum(), b, retain_graph=True)[0]
c_gradient = torch.autograd.grad(d.sum(), c, retain_graph=True)[0]
d_gradient = torch.autograd.grad(y.sum(), d, retain_graph=True)[0]
x_gradient = torch.autograd.grad(a.sum(), x)[0]

# %% name="hand"
def by_hand(x):
    x = x.detach()
    b, c = torch.log(x**2), torch.sin(x)
    from_b = c * (1 / x**2) * (2 * x)
    from_c = b * torch.cos(x)
    from_e = -1 / x**2
    return from_b + from_c + from_e

# %% name="question"
why_sum = "b"
