# %% name="first-pass"
y = 2 * x.pow(2).sum()
(first_gradient,) = torch.autograd.grad(y, x)

# %% name="second-pass"
torch.autograd.grad(y, x)

# %% name="retained"
y = 2 * x.pow(2).sum()
x.grad = None
y.backward(create_graph=True)
y.backward()
second_gradient = x.grad.detach().clone()

# %% name="why"
why_error = "c"
why_sum = "d"
