# %% name="first-pass"
y = 2 * x.pow(2).sum()
(first_gradient,) = torch.autograd.grad(y, x)

# %% name="second-pass"
torch.autograd.grad(y, x)

# %% name="retained"
y = 2 * x.pow(2).sum()
for keep in (True, False):
    y.backward(retain_graph=keep)
second_gradient = x.grad

# %% name="why"
why_error = "c"
why_sum = "d"
