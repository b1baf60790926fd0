# %% name="inputs" locked=true
import torch

w = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
x = torch.tensor([[1.0, 2.0, 0.0], [0.0, 1.0, -1.0], [2.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
targets = torch.tensor([1.0, 0.0, 3.0, 2.0])
rate = 0.1

# %% name="loss"
loss = ...
gradient = ...

# %% name="step"
loss_after = ...

# %% name="again"
...

# %% name="function"
def fitted(w, x, targets):
    ...

# %% name="question"
why_not = ...
