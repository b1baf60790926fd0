# %% name="forward"
a = x**2
b = torch.log(a)
c = torch.sin(x)
d = b * c
e = 1 / x
y = d + e

# %% name="backward"
seeds = {}
seeds["y"] = torch.ones_like(y)
d_gradient, e_gradient = torch.autograd.grad(y, (d, e), seeds["y"], retain_graph=True)
b_gradient, c_gradient = torch.autograd.grad(d, (b, c), d_gradient, retain_graph=True)
(a_gradient,) = torch.autograd.grad(b, a, b_gradient, retain_graph=True)
along = [(a, a_gradient), (c, c_gradient), (e, e_gradient)]
x_gradient = sum(torch.autograd.grad(node, x, g, retain_graph=True)[0] for node, g in along)

# %% name="hand"
import math


def by_hand(x):
    def one(t):
        dy = 1.0
        dd, de = dy, dy
        db, dc = dd * math.sin(t), dd * math.log(t * t)
        da = db / (t * t)
        return da * 2 * t + dc * math.cos(t) - de / (t * t)

    return torch.tensor([one(t) for t in x.tolist()], dtype=x.dtype)

# %% name="question"
why_sum = "b"
