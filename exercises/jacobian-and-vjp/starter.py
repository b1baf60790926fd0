# %% name="inputs" locked=true
import torch

x = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
v = torch.tensor([3.0, -1.0])

# %% name="function" locked=true
def f(x):
    return torch.stack([x[0] * x[1] * x[2], x[0] ** 2 + torch.sin(x[2])])

# %% name="one"
weighted = ...

# %% name="table"
table = ...

# %% name="functions"
def vjp(x, v):
    ...


def jvp(x, u):
    ...

# %% name="batch"
def jacobians(points):
    ...

# %% name="question"
passes = ...
