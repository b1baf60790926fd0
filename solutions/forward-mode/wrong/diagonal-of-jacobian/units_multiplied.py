# /// outcome
# failed = ["jacobian"]
# ///

# %% name="direction"
value, tangent = torch.func.jvp(f, (x,), (u,))

# %% name="column"
unit = torch.tensor([0.0, 1.0, 0.0])
column = torch.func.jvp(f, (x,), (unit,))[1]

# %% name="functions"
def directional(x, u):
    return torch.func.jvp(f, (x.detach(),), (u,))[1]


def jacobian(x):
    units = torch.eye(3, dtype=x.dtype)
    return torch.stack([directional(x, unit)[i] for i, unit in enumerate(units)])

# %% name="dual"
def dual_product(a, da, b, db):
    return da * b + a * db


def dual_sine(a, da):
    return torch.cos(a) * da

# %% name="question"
when = "c"
