# /// outcome
# failed = ["nodes", "x-gradient"]
# missing = ["a-gradient", "b-gradient"]
# diagnosis = "detached-early"
# ///

# %% name="forward"
a = x.detach() ** 2
b = torch.log(a)
c = torch.sin(x)
d = b * c
e = 1 / x
y = d + e

# %% name="backward"
for node in (c, d):
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
