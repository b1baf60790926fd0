# %% name="sum"
total = 0
for element in z:
    total = total + element
total.backward()
sum_gradient = z.grad.numpy().copy()

# %% name="mean"
leaf = z.detach().clone().requires_grad_()
(torch.sum(leaf) / leaf.numel()).backward()
mean_gradient = leaf.grad

# %% name="part"
leaf = z.detach().clone().requires_grad_()
mask = torch.arange(5) > 2
leaf[mask].sum().backward()
part_gradient = leaf.grad

# %% name="rows"
def row_mean_gradient(m):
    return torch.func.grad(lambda t: sum(row.mean() for row in t))(m.detach())

# %% name="question"
why_ones = "a"
