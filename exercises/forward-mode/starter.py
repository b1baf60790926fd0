# %% name="inputs" locked=true
import torch

x = torch.tensor([1.0, -2.0, 0.5])
u = torch.tensor([0.5, 1.0, -3.0])

# %% name="function" locked=true
def f(x):
    return torch.stack([x[0] * x[1], torch.exp(x[2]), x[0] + x[1] * x[2], torch.sin(x[0])])

# %% name="direction"
value = ...
tangent = ...

# %% name="column"
column = ...

# %% name="functions"
def directional(x, u):
    ...


def jacobian(x):
    ...

# %% name="dual"
def dual_product(a, da, b, db):
    ...


def dual_sine(a, da):
    ...

# %% name="question"
when = ...
