# /// outcome
# failed = ["sum-gradient", "mean-gradient"]
# ///

# %% name="sum"
total = z.sum()
total.backward()
sum_gradient = total.detach()

# %% name="mean"
z.grad = None
mean = z.mean()
mean.backward()
mean_gradient = mean.detach()

# %% name="part"
z.grad = None
z[-2:].sum().backward()
part_gradient = z.grad.clone()

# %% name="rows"
def row_mean_gradient(m):
    leaf = m.detach().clone().requires_grad_()
    leaf.mean(dim=1).sum().backward()
    return leaf.grad

# %% name="question"
why_ones = "a"
