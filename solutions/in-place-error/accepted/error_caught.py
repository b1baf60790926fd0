# %% name="provoked"
y = x.exp()
y.add_(1)
try:
    y.sum().backward()
except RuntimeError as error:
    print(error)

# %% name="mended"
mended = x.exp().add(1)
(exp_gradient,) = torch.autograd.grad(mended.sum(), x)

# %% name="harmless"
z = x * 3
z.add_(1)
(linear_gradient,) = torch.autograd.grad(z, x, torch.ones(4))

# %% name="replaced"
mask = torch.tensor([0.0, 1.0, 1.0, 1.0])
r = x * mask
(replaced_gradient,) = torch.autograd.grad((r * r).sum(), x)

# %% name="function"
def running_product(x):
    return torch.stack([x[: i + 1].prod() for i in range(len(x))])

# %% name="question"
why_exp = "a"
