# /// outcome
# failed = ["b1", "b2"]
# diagnosis = "retained-as-cure"
# ///

# %% name="returned"
y = x1**2 + 5 * x2
g1, g2 = torch.autograd.grad(y, (x1, x2), torch.ones_like(y))
grad_after_grad = x1.grad

# %% name="left"
y = x1**2 + 5 * x2
y.backward(torch.ones_like(y), retain_graph=True)
what_backward_returned = y.backward(torch.ones_like(y))
b1 = x1.grad.clone()
b2 = x2.grad.clone()

# %% name="only"
u = x1 * x2
z = (u**3).sum()
(u_gradient,) = torch.autograd.grad(z, u)

# %% name="function"
def gradients(x1, x2):
    a = x1.detach().clone().requires_grad_()
    b = x2.detach().clone().requires_grad_()
    return torch.stack(torch.autograd.grad((a**2 + 5 * b).sum(), (a, b)))

# %% name="question"
which = "c"
