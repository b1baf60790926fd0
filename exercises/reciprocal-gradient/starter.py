# %% name="inputs" locked=true
import torch

a = torch.tensor(1.05, requires_grad=True)

# %% name="autograd"
loss = ...
gradient = ...

# %% name="formula"
by_formula = ...

# %% name="wider" locked=true
a64 = a.detach().double()

# %% name="double"
gradient64 = ...

# %% name="compare"
def same_up_to_rounding(got, expected):
    ...

# %% name="verdict"
who_is_right = ...
