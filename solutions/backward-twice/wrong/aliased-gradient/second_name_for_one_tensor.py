# /// outcome
# failed = ["first-gradient-kept"]
# ///

# %% name="first-pass"
y = 2 * torch.dot(x, x)
y.backward()
first_gradient = x.grad

# %% name="second-pass"
y.backward()

# %% name="retained"
x.grad.zero_()
y = 2 * torch.dot(x, x)
y.backward(retain_graph=True)
y.backward()
second_gradient = x.grad

# %% name="why"
why_error = "c"
why_sum = "d"
