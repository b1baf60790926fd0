# /// outcome
# missing = ["first-gradient", "second-gradient"]
# skipped = ["first-gradient-kept"]
# diagnosis = "no-gradient"
# ///

# %% name="first-pass"
y = 2 * torch.dot(x, x)
first_gradient = y.backward()

# %% name="second-pass"
y.backward()

# %% name="retained"
x.grad = None
y = 2 * torch.dot(x, x)
y.backward(retain_graph=True)
second_gradient = y.backward()

# %% name="why"
why_error = "c"
why_sum = "d"
