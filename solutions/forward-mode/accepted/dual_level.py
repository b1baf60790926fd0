# %%
import torch.autograd.forward_ad as fwAD

# %% name="direction"
with fwAD.dual_level():
    dual = fwAD.make_dual(x, u)
    out = fwAD.unpack_dual(f(dual))
    value, tangent = out.primal.clone(), out.tangent.clone()

# %% name="column"
with fwAD.dual_level():
    dual = fwAD.make_dual(x, torch.eye(3)[1])
    column = fwAD.unpack_dual(f(dual)).tangent.clone()

# %% name="functions"
def directional(x, u):
    with fwAD.dual_level():
        out = f(fwAD.make_dual(x.detach().clone(), u))
        return fwAD.unpack_dual(out).tangent.clone()


def jacobian(x):
    columns = [directional(x, unit) for unit in torch.eye(3, dtype=x.dtype)]
    return torch.column_stack(columns)

# %% name="dual"
def dual_product(a, da, b, db):
    return torch.func.jvp(torch.mul, (a, b), (da, db))[1]


def dual_sine(a, da):
    return torch.func.jvp(torch.sin, (a,), (da,))[1]

# %% name="question"
when = "c"
