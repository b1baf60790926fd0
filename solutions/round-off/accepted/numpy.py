# %% name="table"
import numpy as np

a = x.numpy()
same_square = -(1 / a) * (1 / a) == -1 / a**2
same_again = 1 / (1 / a) == a

# %% name="count"
unequal = np.count_nonzero(~same_square)
most_ulps = np.max(np.abs(1 / (1 / a) - a) / np.spacing(a))

# %% name="spacing"
def ulp(x):
    return np.spacing(x.numpy())

# %% name="percent"
import math

truncated = math.floor(29 / 100 * 100)


def cents(amount):
    return int(np.rint(100 * float(amount)))

# %% name="lesson"
lesson = "b"
