# %%
import numpy as np

# %% name="twice"
y = torch.stack([3 * a, 2 * b**2, torch.log(c)]).sum()
y.backward(torch.ones(()), retain_graph=True)
y.backward(torch.ones(()))
without_clearing = np.array([a.grad.item(), b.grad.item(), c.grad.item()])

# %% name="cleared"
leaves = [a, b, c]
for leaf in leaves:
    leaf.grad[...] = 0
(3 * a + 2 * b**2 + torch.log(c)).backward()
for leaf in leaves:
    leaf.grad.zero_()
(3 * a + 2 * b**2 + torch.log(c)).backward()
with_clearing = np.array([leaf.grad.item() for leaf in leaves])

# %% name="optimizer"
optimizer = torch.optim.SGD(params=[a, b, c], lr=0.1)
optimizer.zero_grad()
after_zero_grad = a.grad
print(after_zero_grad)

# %% name="loop"
def descend(w):
    slope = torch.func.grad(lambda t: (t**4).sum())
    for _ in range(3):
        w = w.detach() - 0.01 * slope(w.detach())
    return w

# %% name="question"
why_add = "a"
