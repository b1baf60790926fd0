# /// outcome
# missing = ["second-error", "retained-pass"]
# skipped = ["second-gradient"]
# ///

# %% name="first-pass"
y = 2 * torch.dot(x, x)
y.backward()
first_gradient = x.grad.clone()

# %% name="second-pass"
y = 2 * torch.dot(x, x)
y.backward()

# %% name="retained"
x.grad.zero_()
y = 2 * torch.dot(x, x)
y.backward(retain_graph=True)
y = 2 * torch.dot(x, x)
y.backward(retain_graph=True)
second_gradient = x.grad

# %% name="why"
why_error = "c"
why_sum = "d"
