# /// outcome
# failed = ["no-backward", "tangent-shape"]
# skipped = ["tangent", "column", "directional", "jacobian"]
# ///

# %% name="direction"
x.requires_grad_()
value = f(x)
value.backward(torch.ones(4))
tangent = x.grad * u

# %% name="column"
unit = torch.tensor([0.0, 1.0, 0.0])
column = torch.func.jvp(f, (x,), (unit,))[1]

# %% name="functions"
def directional(x, u):
    return torch.autograd.functional.vjp(f, x.detach(), torch.ones(4, dtype=x.dtype))[1] * u


def jacobian(x):
    return torch.func.jacrev(f)(x.detach())

# %% name="dual"
def dual_product(a, da, b, db):
    return da * b + a * db


def dual_sine(a, da):
    return torch.cos(a) * da

# %% name="question"
when = "c"
