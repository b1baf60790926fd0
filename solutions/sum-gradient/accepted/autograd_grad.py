# %% name="sum"
(sum_gradient,) = torch.autograd.grad(z.sum(), z)

# %% name="mean"
mean_gradient = torch.autograd.grad(z.mean(), z)[0]

# %% name="part"
part_gradient = torch.autograd.grad(z[3] + z[4], z)[0]

# %% name="rows"
def row_mean_gradient(m):
    m = m.detach().requires_grad_()
    return torch.autograd.grad((m.sum(1) / m.shape[1]).sum(), m)[0]

# %% name="question"
why_ones = "a"
