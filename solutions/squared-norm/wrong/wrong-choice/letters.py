# /// outcome
# failed = ["why-nan"]
# ///

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
    leaf = x.detach().clone().requires_grad_()
    (leaf**2).sum().backward()
    return leaf.grad

# %% name="question"
why_nan = "d"
