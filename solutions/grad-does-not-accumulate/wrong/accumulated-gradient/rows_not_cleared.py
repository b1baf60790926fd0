# /// outcome
# failed = ["per-row", "longest-gradient"]
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
rows = []
w.grad = None
for row in x:
    ((row @ w) ** 2).backward()
    rows.append(w.grad.clone())
per_row = torch.stack(rows)

# %% name="function"
def longest_gradient(w, x):
    w = w.detach().clone().requires_grad_()
    rows = []
    for row in x:
        ((row @ w) ** 2).backward()
        rows.append(w.grad.clone())
    rows = torch.stack(rows)
    return rows[rows.norm(dim=1).argmax()]

# %% name="question"
where = "b"
