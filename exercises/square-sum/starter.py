# %% name="inputs" locked=true
import torch

z = torch.linspace(-1, 1, 5, requires_grad=True)

# %% name="implicit"
s = ...
implicit = ...

# %% name="one"
explicit = ...

# %% name="three"
with_three = ...

# %% name="chain"
def loss_gradient(z, c):
    ...

# %% name="question"
why_one = ...
