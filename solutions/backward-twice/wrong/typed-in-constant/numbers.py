# /// outcome
# failed = ["first-gradient", "second-gradient"]
# skipped = ["first-gradient-kept"]
# diagnosis = "typed-in-constant"
# ///

# %% name="first-pass"
y = 2 * torch.dot(x, x)
y.backward()
first_gradient = torch.tensor([0.0, 4.0, 8.0, 12.0])

# %% name="second-pass"
y.backward()

# %% name="retained"
x.grad = None
y = 2 * torch.dot(x, x)
y.backward(retain_graph=True)
y.backward()
second_gradient = [0, 8, 16, 24]

# %% name="why"
why_error = "c"
why_sum = "d"
