# %% name="provoked"
y = torch.exp(x)
y[:] += 1
torch.autograd.backward(y.sum())

# %% name="mended"
mended = torch.exp(x).clone()
mended += 1
mended.sum().backward()
exp_gradient = x.grad.tolist()

# %% name="harmless"
x.grad.zero_()
z = x.mul(3)
z += torch.ones(4)
z.sum().backward()
linear_gradient = x.grad.tolist()

# %% name="replaced"
x.grad.zero_()
r = torch.cat([torch.zeros(1), x[1:]])
r.square().sum().backward()
replaced_gradient = x.grad.tolist()

# %% name="function"
def running_product(x):
    out = torch.ones_like(x)
    for i in range(len(x)):
        factors = torch.where(torch.arange(len(x)) >= i, x[i], torch.ones_like(x))
        out = out * factors
    return out

# %% name="question"
why_exp = "a"
