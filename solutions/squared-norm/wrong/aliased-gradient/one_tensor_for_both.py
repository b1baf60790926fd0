# /// outcome
# failed = ["square-gradient"]
# ///

# %% name="sum"
d = (x**2).sum()
d.backward()
sum_gradient = x.grad.clone()

# %% name="norm"
x.grad.zero_()
(torch.norm(x) ** 2).backward()
square_gradient = x.grad
x.grad.zero_()
torch.norm(x).backward()
length_gradient = x.grad

# %% name="function"
def squared_length_gradient(x):
    leaf = x.detach().clone().requires_grad_()
    (leaf**2).sum().backward()
    return leaf.grad

# %% name="question"
why_nan = "c"
