# %% name="sum"
d = torch.dot(x, x)
(sum_gradient,) = torch.autograd.grad(d, x)

# %% name="norm"
length = x.norm()
square_gradient = torch.autograd.grad(length**2, x, retain_graph=True)[0]
length_gradient = torch.autograd.grad(length, x)[0]

# %% name="function"
def squared_length_gradient(x):
    x = x.detach().requires_grad_()
    return torch.autograd.grad(x @ x, x)[0]

# %% name="question"
why_nan = "c"
