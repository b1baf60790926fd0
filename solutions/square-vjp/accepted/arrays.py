# %% name="square"
y = z.pow(2)
y.backward(gradient=z.detach())
gradient = z.grad.numpy().copy()
ratio = gradient / z.detach().numpy()

# %% name="plain"
z.grad.zero_()
torch.square(z).sum().backward()
derivative = z.grad.numpy().copy()

# %% name="mixed"
z.grad.zero_()
y = z * torch.sum(z)
y.backward(z, retain_graph=True)
actual = z.grad.numpy().copy()
z.grad.zero_()
y.sum().backward()
predicted = z.detach().numpy() * z.grad.numpy()

# %% name="truth"
def same_without_argument(z, v):
    return torch.func.grad(lambda t: v @ (t * t.sum()))(z.detach())

# %% name="question"
why_it_fits = "a"
