# /// outcome
# failed = ["first-gradient", "second-gradient"]
# skipped = ["first-gradient-kept"]
# diagnosis = "typed-in-constant"
# ///

# %% name="first-pass"
y = (x * torch.tensor([0.0, 4.0, 8.0, 12.0])).sum() - 28
y.backward()
first_gradient = x.grad.clone()

# %% name="second-pass"
y.backward()

# %% name="retained"
x.grad = None
y = (x * torch.tensor([0.0, 4.0, 8.0, 12.0])).sum() - 28
y.backward(retain_graph=True)
y.backward()
second_gradient = x.grad

# %% name="why"
why_error = "c"
why_sum = "d"
