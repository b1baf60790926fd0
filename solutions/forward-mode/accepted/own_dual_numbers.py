# %% name="direction"
import math


def run(x, u):
    x0, x1, x2 = x
    u0, u1, u2 = u
    value = [x0 * x1, torch.exp(x2), x0 + x1 * x2, torch.sin(x0)]
    tangent = [u0 * x1 + x0 * u1, torch.exp(x2) * u2, u0 + u1 * x2 + x1 * u2, torch.cos(x0) * u0]
    return torch.stack(value), torch.stack(tangent)


value, tangent = (t.numpy() for t in run(x, u))

# %% name="column"
column = run(x, torch.tensor([0.0, 1.0, 0.0]))[1].tolist()

# %% name="functions"
def directional(x, u):
    return run(x.detach(), u)[1]


def jacobian(x):
    rows = [directional(x, unit) for unit in torch.eye(3, dtype=x.dtype)]
    return torch.stack(rows).T

# %% name="dual"
def dual_product(a, da, b, db):
    return ((a + da) * (b + db) - a * b) - da * db


def dual_sine(a, da):
    return da * a.cos()

# %% name="question"
when = "c"
