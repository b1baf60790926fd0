# /// outcome
# failed = ["everywhere"]
# diagnosis = "undefined-at-zero"
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
    length = (leaf**2).sum().sqrt()
    length.backward()
    return 2 * length.detach() * leaf.grad

# %% name="question"
why_nan = "c"
