# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="jacobian"
import numpy as np
import torch

# As many names, and as large, as may be.
for number in range(3000):
    globals()[f"name{number}"] = torch.full((1000,), float(number))
large = torch.zeros(1).expand(1 << 40)
huge = np.broadcast_to(np.zeros(1), (1 << 40,))
inner = nested = []
for _ in range(10_000):
    inner.append([])
    inner = inner[0]
nested.append(nested)
text = "\ud800" * 100_000
digits = 10**100_000
print("DONE")
