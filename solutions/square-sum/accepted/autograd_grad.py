# %% name="implicit"
s = torch.dot(z, z)
(implicit,) = torch.autograd.grad(s, z)

# %% name="one"
(explicit,) = torch.autograd.grad(torch.dot(z, z), z, torch.ones(()))

# %% name="three"
(with_three,) = torch.autograd.grad(torch.dot(z, z), z, torch.full((), 3.0))

# %% name="chain"
def loss_gradient(z, c):
    z = z.detach().requires_grad_()
    return torch.autograd.grad(z.pow(2).sum(), z, grad_outputs=c)[0]

# %% name="question"
why_one = "b"
