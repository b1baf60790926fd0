# %%
import numpy as np

# %% name="zeros"
y = torch.add(3 * a, 2 * b * b) + torch.log(c)
y.backward(gradient=v)
a_gradient, b_gradient, c_gradient = a.grad.numpy(), b.grad.tolist(), c.grad.numpy()

# %% name="notice"
def usable(c, v):
    leaf = c.detach().clone().requires_grad_()
    torch.log(leaf).backward(v)
    gradient = leaf.grad
    return np.isfinite(gradient.numpy()).all()

# %% name="avoid"
def log_gradient(c):
    leaf = c.detach().clone().requires_grad_()
    (torch.log(leaf.masked_fill(leaf == 0, 1)).sum()).backward()
    return leaf.grad

# %% name="question"
why_different = "d"
