# %% name="function" locked=true
import torch


def f(a):
    b = a * 2
    while b.norm() < 1000:
        b = b * 2
    if b.sum() > 0:
        return b
    return 100 * b

# %% name="inputs" locked=true
scalar = torch.randn((), requires_grad=True)
vector = torch.randn(3, requires_grad=True)
matrix = torch.randn(2, 3, requires_grad=True)

# %% name="scalar"
scalar_gradient = ...

# %% name="vector"
vector_gradient = ...

# %% name="matrix"
matrix_gradient = ...

# %% name="slope"
def slope(a):
    ...

# %% name="questions"
complaint = ...
same_number = ...
