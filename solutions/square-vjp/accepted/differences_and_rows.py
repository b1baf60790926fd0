# %% name="square"
leaf = z.detach().clone().requires_grad_()
y = leaf**2
y.backward(leaf)
gradient = leaf.grad
ratio = [(g / t).item() for g, t in zip(gradient, z)]

# %% name="plain"
leaf = z.detach().clone().requires_grad_()
for element in leaf:
    (element**2).backward()
derivative = leaf.grad

# %% name="mixed"
rows = []
for i in range(5):
    leaf = z.detach().clone().requires_grad_()
    (leaf * leaf.sum())[i].backward()
    rows.append(leaf.grad)
J = torch.stack(rows)
actual = z.detach() @ J
predicted = z.detach() * J.sum(0)

# %% name="truth"
def same_without_argument(z, v):
    total = torch.zeros_like(z)
    for i, weight in enumerate(v):
        leaf = z.detach().clone().requires_grad_()
        (leaf[i] * leaf.sum()).backward()
        total = total + weight * leaf.grad
    return total.detach()

# %% name="question"
why_it_fits = "a"
