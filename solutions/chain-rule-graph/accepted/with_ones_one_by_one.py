# %% name="forward"
a = x**2
b = torch.log(a)
c = torch.sin(x)
d = b * c
e = 1 / x
y = d + e

# %% name="backward"
ones = torch.ones(4)


def gradient_of(node):
    return torch.autograd.grad(y, node, ones, retain_graph=True)[0].numpy()


a_gradient = gradient_of(a)
b_gradient = gradient_of(b)
c_gradient = gradient_of(c)
d_gradient = gradient_of(d)
x_gradient = gradient_of(x)

# %% name="hand"
import numpy as np


def by_hand(x):
    x = x.numpy()
    return 2 / x * np.sin(x) + np.log(x**2) * np.cos(x) - 1 / x**2

# %% name="question"
why_sum = "b"
