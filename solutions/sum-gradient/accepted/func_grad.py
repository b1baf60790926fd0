# %% name="sum"
sum_gradient = torch.func.grad(torch.sum)(z.detach())

# %% name="mean"
mean_gradient = torch.func.grad(torch.mean)(z.detach())

# %% name="part"
part_gradient = torch.func.grad(lambda t: t[-2:].sum())(z.detach())

# %% name="rows"
def row_mean_gradient(m):
    leaf = m.detach().clone().requires_grad_()
    leaf.mean(dim=1).sum().backward()
    return leaf.grad

# %% name="question"
why_ones = "a"
