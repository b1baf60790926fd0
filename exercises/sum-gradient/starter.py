# %% name="inputs" locked=true
import torch

z = torch.linspace(-1, 1, 5, requires_grad=True)

# %% name="sum"
sum_gradient = ...

# %% name="mean"
mean_gradient = ...

# %% name="part"
part_gradient = ...

# %% name="rows"
def row_mean_gradient(m):
    ...

# %% name="question"
why_ones = ...
