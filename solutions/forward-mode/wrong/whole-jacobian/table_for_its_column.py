# /// outcome
# failed = ["column"]
# ///

# %% name="direction"
value, tangent = torch.func.jvp(f, (x,), (u,))

# %% name="column"
column = torch.func.jacfwd(f)(x)

# %% name="functions"
def directional(x, u):
    return torch.func.jvp(f, (x.detach(),), (u,))[1]


def jacobian(x):
    units = torch.eye(3, dtype=x.dtype)
    return torch.stack([directional(x, unit) for unit in units], dim=1)

# %% name="dual"
def dual_product(a, da, b, db):
    return da * b + a * db


def dual_sine(a, da):
    return torch.cos(a) * da

# %% name="question"
when = "c"
