# /// outcome
# failed = ["y", "first-pass"]
# missing = ["second-error", "retained-pass"]
# skipped = ["first-gradient", "second-gradient", "first-gradient-kept"]
# diagnosis = "detached-early"
# ///

# %% name="first-pass"
values = x.detach()
y = 2 * torch.dot(values, values)
y.backward()
first_gradient = x.grad.clone()

# %% name="second-pass"
y.backward()

# %% name="retained"
x.grad = None
y = 2 * torch.dot(values, values)
y.backward(retain_graph=True)
y.backward()
second_gradient = x.grad

# %% name="why"
why_error = "c"
why_sum = "d"
