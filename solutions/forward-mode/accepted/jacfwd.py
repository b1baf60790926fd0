# %% name="direction"
J = torch.func.jacfwd(f)(x)
value = f(x)
tangent = J @ u

# %% name="column"
column = J[:, 1]

# %% name="functions"
def jacobian(x):
    return torch.func.jacfwd(f)(x.detach())


def directional(x, u):
    return torch.mv(jacobian(x), u)

# %% name="dual"
def dual_product(a, da, b, db):
    return torch.addcmul(da * b, a, db)


def dual_sine(a, da):
    return torch.sin(a + torch.pi / 2) * da

# %% name="question"
when = "c"
