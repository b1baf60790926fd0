# /// outcome
# failed = ["sum-gradient", "square-gradient"]
# diagnosis = "typed-in-constant"
# ///

# %% name="sum"
d = (x**2).sum()
d.backward()
sum_gradient = torch.tensor([1.0, -3.0, 4.0, 0.5, -6.0])

# %% name="norm"
x.grad = None
(torch.norm(x) ** 2).backward()
square_gradient = torch.tensor([1.0, -3.0, 4.0, 0.5, -6.0])
x.grad = None
torch.norm(x).backward()
length_gradient = x.grad.clone()

# %% name="function"
def squared_length_gradient(x):
    leaf = x.detach().clone().requires_grad_()
    (leaf**2).sum().backward()
    return leaf.grad

# %% name="question"
why_nan = "c"
