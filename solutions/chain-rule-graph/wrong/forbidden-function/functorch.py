# /// outcome
# failed = ["no-autograd"]
# skipped = ["by-hand"]
# ///

# %% name="forward"
from functorch import grad, vmap

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
    return vmap(grad(lambda t: torch.log(t**2) * torch.sin(t) + 1 / t))(x)

# %% name="question"
why_sum = "b"
