# /// outcome
# failed = ["no-autograd"]
# skipped = ["by-hand"]
# diagnosis = "forbidden-function"
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


def slopes_of(x):
    x = x.detach().clone().requires_grad_()
    (torch.log(x**2) * torch.sin(x) + 1 / x).sum().backward()
    return x.grad

# %% name="hand"
def by_hand(x):
    return slopes_of(x)

# %% name="question"
why_sum = "b"
