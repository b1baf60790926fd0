# %% name="inputs" locked=true
import torch

z = torch.linspace(-1, 1, 5, requires_grad=True)
v = torch.tensor([3.0, 0.5, -2.0, 10.0, 0.25])

# %% name="puzzle"
y = ...
puzzle = ...

# %% name="ones"
with_ones = ...

# %% name="weights"
with_v = ...

# %% name="turned"
with_v_flipped = ...

# %% name="answer"
reason = ...
