# /// attack
# exercise = "backward-twice"
# defended-by = ["design"]
# answer = "accepted"
# replaces = true
# carried-out = "ok"
# ///

# %% name="inputs"
import torch

x = torch.zeros(4, requires_grad=True)
print("LOOT: the altered cell ran")
