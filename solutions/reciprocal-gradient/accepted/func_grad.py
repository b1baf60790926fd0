# %%
def inverse(t):
    return t**-1

# %% name="autograd"
loss = inverse(a)
loss.backward()
gradient = a.grad.detach()

# %% name="formula"
by_formula = -1 / (a * a)
print((gradient - by_formula).item())

# %% name="double"
gradient64 = torch.func.grad(inverse)(a64)

# %% name="compare"
import numpy as np


def same_up_to_rounding(got, expected):
    return np.allclose(expected.numpy() * 0 + got.numpy(), expected.numpy(), rtol=1e-5, atol=0)

# %% name="verdict"
who_is_right = "c"
