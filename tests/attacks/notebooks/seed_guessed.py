# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# answer = "starter"
# ///

# %% name="jacobian"
import random

import numpy as np
import torch

# Hidden inputs follow from the recorded seed; the kernel's own generators are to say nothing of it.
states = (random.getstate(), np.random.get_state(), torch.initial_seed())
if torch.initial_seed() in (20, 0):
    print("LOOT: the seed", torch.initial_seed())
print("DONE", len(states))
