# /// outcome
# failed = ["retained-pass"]
# skipped = ["second-gradient"]
# diagnosis = "graph-freed"
# ///

# %% name="first-pass"
y = 2 * torch.dot(x, x)
y.backward()
first_gradient = x.grad.clone()

# %% name="second-pass"
y.backward()

# %% name="retained"
x.grad = None
y = 2 * torch.dot(x, x)
y.backward()
try:
    y.backward(retain_graph=True)
except RuntimeError as error:
    print(error)
second_gradient = 2 * x.grad

# %% name="why"
why_error = "c"
why_sum = "d"
