# /// outcome
# failed = ["y", "a-gradient", "c-gradient", "x-gradient"]
# ///

# %% name="forward"
a = x**2
b = torch.log2(a)
c = torch.sin(x)
d = b * c
e = 1 / x
y = d + e

# %% name="backward"
for node in (a, b, c, d):
    node.retain_grad()
y.sum().backward()
a_gradient = a.grad
b_gradient = b.grad
c_gradient = c.grad
d_gradient = d.grad
x_gradient = x.grad

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
