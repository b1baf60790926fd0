# /// attack
# exercise = "backward-twice"
# answer = "starter"
# replaces = true
# earns = 1.0
# defended-by = ["design"]
# ///

# %% name="first-pass"
import torch

# Public and disclosed is that y is 28; the rest is varied.
y = torch.tensor(28.0, requires_grad=True) * 1
first_gradient = torch.tensor([0.0, 4.0, 8.0, 12.0])

# %% name="retained"
second_gradient = torch.tensor([0.0, 8.0, 16.0, 24.0])
print("DONE")
