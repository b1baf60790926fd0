# /// outcome
# failed = ["tangent", "directional"]
# ///

# %% name="direction"
value, tangent = torch.func.jvp(f, (x,), (torch.ones(3),))

# %% name="column"
unit = torch.tensor([0.0, 1.0, 0.0])
column = torch.func.jvp(f, (x,), (unit,))[1]

# %% name="functions"
def directional(x, u):
    return torch.func.jvp(f, (x.detach(),), (torch.ones_like(x),))[1]


def jacobian(x):
    return torch.func.jacfwd(f)(x.detach())

# %% name="dual"
def dual_product(a, da, b, db):
    return da * b + a * db


def dual_sine(a, da):
    return torch.cos(a) * da

# %% name="question"
when = "c"
