# /// outcome
# failed = ["no-backward"]
# skipped = ["tangent", "column", "directional", "jacobian"]
# ///

# %% name="direction"
value, tangent = torch.func.jvp(f, (x,), (u,))

# %% name="column"
unit = torch.tensor([0.0, 1.0, 0.0])
column = torch.func.jvp(f, (x,), (unit,))[1]

# %% name="functions"
def jacobian(x):
    return torch.autograd.functional.jacobian(f, x.detach())


def directional(x, u):
    return jacobian(x) @ u

# %% name="dual"
def dual_product(a, da, b, db):
    return da * b + a * db


def dual_sine(a, da):
    return torch.cos(a) * da

# %% name="question"
when = "c"
