# %%
import numpy as np


def formula(a, b, c):
    return torch.add(3 * a, 2 * torch.square(b)) + torch.log(c)

# %% name="forward"
y = formula(a, b, c)

# %% name="backward"
y = formula(a, b, c)
y.backward(gradient=v.clone(), retain_graph=True)
a_gradient = a.grad.numpy()
b_gradient = b.grad.tolist()
c_gradient = np.asarray(c.grad, dtype=np.float64)

# %% name="question"
meaning = "d"

# %% name="weighted"
def weighted_gradient(x, v):
    return v @ jacobian(x)

# %% name="jacobian"
def jacobian(x):
    x = x.clone().detach().requires_grad_(True)
    out = pair(x)
    rows = [torch.autograd.grad(out, x, e, retain_graph=True)[0] for e in torch.eye(2, dtype=x.dtype)]
    return torch.vstack(rows)
