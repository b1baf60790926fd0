# /// outcome
# failed = ["y", "first-gradient", "second-gradient"]
# skipped = ["first-gradient-kept"]
# diagnosis = "constant-factor"
# ///

# %% name="first-pass"
y = torch.dot(x, x)
y.backward()
first_gradient = x.grad.clone()

# %% name="second-pass"
y.backward()

# %% name="retained"
x.grad = None
y = torch.dot(x, x)
y.backward(retain_graph=True)
y.backward()
second_gradient = x.grad

# %% name="why"
why_error = "c"
why_sum = "d"
