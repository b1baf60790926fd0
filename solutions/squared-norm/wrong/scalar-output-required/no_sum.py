# /// outcome
# failed = ["d", "sum-pass", "norm-pass"]
# skipped = ["sum-gradient", "square-gradient", "length-gradient"]
# diagnosis = "scalar-output-required"
# ///

# %% name="sum"
d = x**2
d.backward()
sum_gradient = x.grad.clone()

# %% name="norm"
x.grad = None
(x**2).sqrt().backward()
length_gradient = x.grad.clone()
square_gradient = x.grad.clone()

# %% name="function"
def squared_length_gradient(x):
    leaf = x.detach().clone().requires_grad_()
    (leaf**2).sum().backward()
    return leaf.grad

# %% name="question"
why_nan = "c"
