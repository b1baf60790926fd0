# %% name="inputs" locked=true
import torch

x = torch.tensor([-2.0, -0.5, 0.0, 1.0, 2.5], requires_grad=True)

# %% name="function" locked=true
def f(x):
    return x**3 * torch.sin(x)

# %% name="twice"
first = ...
second = ...

# %% name="any"
def second_derivative(x):
    ...


def third_derivative(x):
    ...

# %% name="curvature"
def curvature(x, u):
    ...

# %% name="question"
cost = ...
