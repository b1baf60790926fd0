# /// outcome
# failed = ["why-ones"]
# ///

# %% name="sum"
z.sum().backward()
sum_gradient = z.grad.clone()

# %% name="mean"
z.grad = None
z.mean().backward()
mean_gradient = z.grad.clone()

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
why_ones = "d"
