# %% name="inputs" locked=true
import torch

a = torch.zeros(3, requires_grad=True)
b = torch.zeros(3, requires_grad=True)
c = torch.zeros(3, requires_grad=True)
v = torch.tensor([0.1, 0.0, 0.0001])

# %% name="zeros"
y = ...
a_gradient = ...
b_gradient = ...
c_gradient = ...

# %% name="notice"
def usable(c, v):
    ...

# %% name="avoid"
def log_gradient(c):
    ...

# %% name="question"
why_different = ...
