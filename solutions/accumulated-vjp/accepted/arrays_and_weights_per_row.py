# %%
import numpy as np

# %% name="passes"
y = torch.add(3 * a, 2 * b * b) + torch.log(c)
steps = np.zeros(3)
for i in range(3):
    torch.autograd.backward(y, v[i].clone(), retain_graph=i < 2)
    steps[i] = a.grad
a_steps = steps

# %% name="result"
a_gradient = a.grad.numpy()
b_gradient = float(b.grad)
c_gradient = c.grad.item()

# %% name="batches"
def batch_gradient(w, x):
    leaf = w.detach().clone().requires_grad_()
    weight = torch.ones((), dtype=w.dtype) / len(x)
    for row in x:
        torch.square((row * leaf).sum()).backward(weight)
    return leaf.grad

# %% name="question"
same_as = "c"
