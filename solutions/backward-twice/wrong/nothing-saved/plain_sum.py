# /// outcome
# failed = ["y", "first-gradient", "second-error", "second-gradient"]
# skipped = ["first-gradient-kept"]
# ///

# %% name="first-pass"
y = x.sum()
y.backward()
first_gradient = x.grad.clone()

# %% name="second-pass"
y.backward()

# %% name="retained"
x.grad = None
y = x.sum()
y.backward(retain_graph=True)
y.backward()
second_gradient = x.grad

# %% name="why"
why_error = "c"
why_sum = "d"
