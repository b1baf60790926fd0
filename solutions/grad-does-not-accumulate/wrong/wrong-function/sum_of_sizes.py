# /// outcome
# failed = ["longest-gradient"]
# ///

# %% name="grad"
loss = ((x @ w) ** 2).mean()
(first,) = torch.autograd.grad(loss, w, retain_graph=True)
(second,) = torch.autograd.grad(loss, w)

# %% name="backward"
loss = ((x @ w) ** 2).mean()
loss.backward(retain_graph=True)
loss.backward()
added_up = w.grad.clone()

# %% name="rows"
per_row = torch.stack([torch.autograd.grad((row @ w) ** 2, w)[0] for row in x])
print(per_row.mean(0), first)

# %% name="function"
def longest_gradient(w, x):
    w = w.detach().clone().requires_grad_()
    rows = torch.stack([torch.autograd.grad((row @ w) ** 2, w)[0] for row in x])
    return rows[rows.abs().sum(1).argmax()]

# %% name="question"
where = "b"
