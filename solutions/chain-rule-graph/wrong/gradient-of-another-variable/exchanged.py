# /// outcome
# failed = ["b-gradient", "c-gradient"]
# ///

# %% name="forward"
a = x**2
b = torch.log(a)
c = torch.sin(x)
d = b * c
e = 1 / x
y = d + e

# %% name="backward"
nodes = (a, c, b, d, x)
a_gradient, b_gradient, c_gradient, d_gradient, x_gradient = torch.autograd.grad(y.sum(), nodes)

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
