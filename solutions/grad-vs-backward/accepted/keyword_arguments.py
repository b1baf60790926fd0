# %% name="returned"
y = x1.pow(2) + x2.mul(5)
result = torch.autograd.grad(outputs=y, inputs=[x1, x2], grad_outputs=torch.ones(3))
g1 = result[0].numpy()
g2 = result[1].numpy()
grad_after_grad = x1.grad

# %% name="left"
y = x1.pow(2) + x2.mul(5)
what_backward_returned = y.backward(gradient=torch.full((3,), 1.0))
b1 = x1.grad.numpy().copy()
b2 = x2.grad.numpy().copy()

# %% name="only"
u = (x1 * x2).detach().requires_grad_()
z = u.pow(3).sum()
z.backward()
u_gradient = u.grad

# %% name="function"
def gradients(x1, x2):
    def total(a, b):
        return (a**2 + 5 * b).sum()

    return torch.stack(torch.func.grad(total, argnums=(0, 1))(x1.detach(), x2.detach()))

# %% name="question"
which = "c"
