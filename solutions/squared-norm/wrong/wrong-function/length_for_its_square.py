# /// outcome
# failed = ["square-gradient", "everywhere"]
# ///

# %% name="sum"
d = (x**2).sum()
d.backward()
sum_gradient = x.grad.clone()

# %% name="norm"
x.grad = None
torch.norm(x).backward()
square_gradient = x.grad.clone()
length_gradient = x.grad.clone()

# %% name="function"
def squared_length_gradient(x):
    leaf = x.detach().clone().requires_grad_()
    torch.norm(leaf).backward()
    return leaf.grad

# %% name="question"
why_nan = "c"
