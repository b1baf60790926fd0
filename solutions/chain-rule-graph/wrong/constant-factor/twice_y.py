# /// outcome
# failed = ["a-gradient", "b-gradient", "c-gradient", "d-gradient", "x-gradient"]
# diagnosis = "constant-factor"
# ///

# %% name="forward"
a = x**2
b = torch.log(a)
c = torch.sin(x)
d = b * c
e = 1 / x
y = d + e

# %% name="backward"
for node in (a, b, c, d):
    node.retain_grad()
(2 * y).sum().backward()
a_gradient, b_gradient, c_gradient, d_gradient, x_gradient = (t.grad for t in (a, b, c, d, x))

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
