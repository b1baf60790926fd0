# %% name="returned"
y = x1**2 + 5 * x2
rows = [torch.autograd.grad(out, (x1, x2), retain_graph=True) for out in y]
g1 = sum(row[0] for row in rows)
g2 = sum(row[1] for row in rows)
grad_after_grad = x1.grad

# %% name="left"
y = x1**2 + 5 * x2
what_backward_returned = y.sum().backward()
b1, b2 = (t.grad.detach().clone() for t in (x1, x2))

# %% name="only"
u = torch.mul(x1, x2)
z = torch.sum(u * u * u)
u_gradient = [torch.autograd.grad(z, u, retain_graph=True)[0][i].item() for i in range(3)]

# %% name="function"
def gradients(x1, x2):
    x1 = x1.detach().requires_grad_()
    x2 = x2.detach().requires_grad_()
    y = x1**2 + 5 * x2
    g1 = torch.autograd.grad(y, x1, torch.ones_like(y), retain_graph=True)[0]
    g2 = torch.autograd.grad(y, x2, torch.ones_like(y))[0]
    return torch.vstack([g1, g2])

# %% name="question"
which = "c"
