# /// outcome
# failed = ["no-backward"]
# skipped = ["tangent", "column", "directional", "jacobian"]
# diagnosis = "forbidden-function"
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
    x = x.detach()
    return torch.autograd.functional.jacobian(f, x, vectorize=True, strategy="forward-mode")

# %% name="dual"
def dual_product(a, da, b, db):
    return da * b + a * db


def dual_sine(a, da):
    return torch.cos(a) * da

# %% name="question"
when = "c"
