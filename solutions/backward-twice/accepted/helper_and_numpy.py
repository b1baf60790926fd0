# %%
import numpy as np


def twice_squared_norm(t):
    return 2 * sum(element * element for element in t)

# %% name="first-pass"
y = twice_squared_norm(x)
y.backward()
first_gradient = np.array(x.grad)

# %% name="second-pass"
import traceback

try:
    y.backward()
except RuntimeError:
    traceback.print_exc()

# %% name="retained"
x.grad = torch.zeros_like(x)
y = twice_squared_norm(x)
for _ in range(2):
    y.backward(retain_graph=True)
second_gradient = x.grad.tolist()

# %% name="why"
why_error = "c"
why_sum = "d"
