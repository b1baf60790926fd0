# %% name="inputs" locked=true
import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)
c = torch.tensor(1.0, requires_grad=True)
v = torch.tensor([0.1, 1.0, 0.0001])

# %% name="old"
y = ...

# %% name="repaired"
a_gradient = ...
b_gradient = ...
c_gradient = ...

# %% name="single"
a_again = ...

# %% name="function"
def shared_gradient(t, v):
    ...

# %% name="question"
meaning = ...
