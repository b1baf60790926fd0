# %%
def gradient_with(*arguments):
    leaf = z.detach().clone().requires_grad_()
    torch.autograd.backward(leaf.norm() ** 2, *arguments)
    return leaf.grad

# %% name="implicit"
s = z.square().sum()
implicit = gradient_with()

# %% name="one"
explicit = gradient_with(torch.tensor(1.0))

# %% name="three"
with_three = gradient_with(torch.tensor(3.0)).numpy()

# %% name="chain"
def loss_gradient(z, c):
    return c * torch.func.grad(lambda t: (t * t).sum())(z.detach())

# %% name="question"
why_one = "b"
