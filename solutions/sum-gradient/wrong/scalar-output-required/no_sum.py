# /// outcome
# failed = ["sum-pass", "mean-pass", "part-pass"]
# skipped = ["sum-gradient", "mean-gradient", "part-gradient"]
# diagnosis = "scalar-output-required"
# ///

# %% name="sum"
y = z * 1
y.backward()
sum_gradient = z.grad.clone()

# %% name="mean"
z.grad = None
y = z / 5
y.backward()
mean_gradient = z.grad.clone()

# %% name="part"
z.grad = None
z[-2:].backward()
part_gradient = z.grad.clone()

# %% name="rows"
def row_mean_gradient(m):
    leaf = m.detach().clone().requires_grad_()
    leaf.mean(dim=1).sum().backward()
    return leaf.grad

# %% name="question"
why_ones = "a"
