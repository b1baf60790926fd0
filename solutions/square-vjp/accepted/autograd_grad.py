# %% name="square"
y = z * z
gradient = torch.autograd.grad(y, z, z)[0]
ratio = gradient / z

# %% name="plain"
derivative = torch.autograd.grad((z * z).sum(), z)[0]

# %% name="mixed"
def mix():
    return z * z.sum()


actual = torch.autograd.grad(mix(), z, z.detach())[0]
predicted = z * torch.autograd.grad(mix().sum(), z)[0]

# %% name="truth"
def same_without_argument(z, v):
    z = z.detach().requires_grad_()
    return torch.autograd.grad(torch.dot(v, z * z.sum()), z)[0]

# %% name="question"
why_it_fits = "a"
