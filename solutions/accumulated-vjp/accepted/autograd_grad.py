# %% name="passes"
y = 3 * a + 2 * b.square() + c.log()
rows = [torch.stack(torch.autograd.grad(y, (a, b, c), w, retain_graph=True)) for w in v]
total = torch.cumsum(torch.stack(rows), dim=0)
a_steps = total[:, 0]

# %% name="result"
a_gradient, b_gradient, c_gradient = total[-1]

# %% name="batches"
def batch_gradient(w, x):
    w = w.detach().requires_grad_()
    parts = [torch.autograd.grad((row @ w) ** 2, w)[0] for row in x]
    return torch.stack(parts).mean(0)

# %% name="question"
same_as = "c"
