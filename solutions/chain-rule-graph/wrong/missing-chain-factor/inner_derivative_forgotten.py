# /// outcome
# failed = ["by-hand"]
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
y.sum().backward()
a_gradient = a.grad
b_gradient = b.grad
c_gradient = c.grad
d_gradient = d.grad
x_gradient = x.grad

# %% name="hand"
def by_hand(x):
    return torch.sin(x) / x**2 + torch.log(x**2) * torch.cos(x) - 1 / x**2

# %% name="question"
why_sum = "b"
