# %% name="returned"
y = x1 * x1 + 5 * x2
weights = torch.ones(3)
g1 = torch.autograd.grad(y, x1, weights, retain_graph=True)[0]
g2 = torch.autograd.grad(y, x2, weights)[0]
grad_after_grad = x1.grad

# %% name="left"
y = x1 * x1 + 5 * x2
what_backward_returned = torch.autograd.backward(y, weights)
b1, b2 = x1.grad.tolist(), x2.grad.tolist()

# %% name="only"
u = x1 * x2
u.retain_grad()
z = (u**3).sum()
z.backward()
u_gradient = u.grad

# %% name="function"
def gradients(x1, x2):
    leaves = torch.stack([x1, x2]).detach().requires_grad_()
    (leaves[0] ** 2 + 5 * leaves[1]).sum().backward()
    return leaves.grad

# %% name="question"
which = "c"
