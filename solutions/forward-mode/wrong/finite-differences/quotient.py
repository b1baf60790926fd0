# /// outcome
# failed = ["tangent", "directional", "jacobian"]
# diagnosis = "finite-differences"
# ///

# %% name="direction"
h = 1e-3
value = f(x)
tangent = (f(x + h * u) - f(x)) / h

# %% name="column"
unit = torch.tensor([0.0, 1.0, 0.0])
column = torch.func.jvp(f, (x,), (unit,))[1]

# %% name="functions"
def directional(x, u):
    h = 1e-3
    return (f(x.detach() + h * u) - f(x.detach())) / h


def jacobian(x):
    return torch.stack([directional(x, unit) for unit in torch.eye(3, dtype=x.dtype)], dim=1)

# %% name="dual"
def dual_product(a, da, b, db):
    return da * b + a * db


def dual_sine(a, da):
    return torch.cos(a) * da

# %% name="question"
when = "c"
