# %% name="sum"
d = (x**2).sum()
d.backward()
sum_gradient = x.grad.clone()

# %% name="norm"
x.grad = None
(torch.norm(x) ** 2).backward()
square_gradient = x.grad.clone()
x.grad = None
torch.norm(x).backward()
length_gradient = x.grad.clone()

# %% name="function"
def squared_length_gradient(x):
    return 2 * x.detach()

# %% name="question"
why_nan = "c"
