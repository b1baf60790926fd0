# /// outcome
# failed = ["first-pass"]
# missing = ["second-error"]
# skipped = ["first-gradient", "first-gradient-kept"]
# diagnosis = "backward-on-leaf"
# ///

# %% name="first-pass"
y = 2 * torch.dot(x, x)
x.backward()
first_gradient = x.grad.clone()

# %% name="second-pass"
x.backward()

# %% name="retained"
x.grad = None
y = 2 * torch.dot(x, x)
y.backward(retain_graph=True)
y.backward()
second_gradient = x.grad

# %% name="why"
why_error = "c"
why_sum = "d"
