# %% name="inputs" locked=true
import math

import matplotlib.pyplot as plt
import torch

x = torch.linspace(0, 2 * math.pi, 200, requires_grad=True)

# %% name="derivative"
y = ...
derivative = ...

# %% name="plot"
...

# %% name="why"
all_at_once = ...
