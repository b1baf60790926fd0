# %% name="sum"
z.clone().backward(torch.ones(5))
sum_gradient = z.grad.tolist()

# %% name="mean"
z.grad.zero_()
(z / len(z)).backward(torch.ones(5))
mean_gradient = z.grad.tolist()

# %% name="part"
z.grad.zero_()
(z * 1).backward(torch.tensor([0.0, 0, 0, 1, 1]))
part_gradient = z.grad

# %% name="rows"
def row_mean_gradient(m):
    leaf = m.detach().clone().requires_grad_()
    leaf.mean(dim=1).backward(torch.ones(len(m), dtype=m.dtype))
    return leaf.grad

# %% name="question"
why_ones = "a"
