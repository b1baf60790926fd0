# %% name="inputs" locked=true
import torch

a = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
b = torch.tensor([3.0, 4.0, 5.0], requires_grad=True)
c = torch.tensor([6.0, 7.0, 8.0], requires_grad=True)
v = torch.tensor([0.1, 1.0, 0.0001])

# %% name="forward"
y = ...

# %% name="backward"
a_gradient = ...
b_gradient = ...
c_gradient = ...

# %% name="question"
meaning = ...

# %% name="pair" locked=true
def pair(x):
    return torch.stack([x[0] * x[1], x[0] + x[1]])

# %% name="weighted"
def weighted_gradient(x, v):
    ...

# %% name="jacobian"
def jacobian(x):
    ...
