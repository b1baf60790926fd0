# %% name="inputs" locked=true
import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)
c = torch.tensor(1.0, requires_grad=True)

# %% name="twice"
y = ...
without_clearing = ...

# %% name="cleared"
with_clearing = ...

# %% name="optimizer"
optimizer = ...
after_zero_grad = ...

# %% name="loop"
def descend(w):
    ...

# %% name="question"
why_add = ...
