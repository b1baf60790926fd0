# /// outcome
# failed = ["no-backward"]
# skipped = ["tangent", "column", "directional", "jacobian"]
# ///

# %% name="direction"
import functorch

value = f(x)
tangent = functorch.jacrev(f)(x) @ u

# %% name="column"
column = functorch.jacrev(f)(x)[:, 1]

# %% name="functions"
def jacobian(x):
    return functorch.jacrev(f)(x.detach())


def directional(x, u):
    return jacobian(x) @ u

# %% name="dual"
def dual_product(a, da, b, db):
    return da * b + a * db


def dual_sine(a, da):
    return torch.cos(a) * da

# %% name="question"
when = "c"
