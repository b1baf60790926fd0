# %% name="grad"
loss = torch.mean((x * w).sum(1) ** 2)
first = torch.autograd.grad(loss, w, retain_graph=True)[0]
second = torch.autograd.grad(loss, w, retain_graph=True)[0]

# %% name="backward"
loss = torch.mean((x * w).sum(1) ** 2)
loss.backward(retain_graph=True)
print(w.grad)
loss.backward()
added_up = w.grad

# %% name="rows"
def one(w, row):
    return (row @ w) ** 2


per_row = torch.func.vmap(torch.func.grad(one), in_dims=(None, 0))(w.detach(), x)

# %% name="function"
def longest_gradient(w, x):
    rows = [torch.func.grad(one)(w.detach(), row) for row in x]
    lengths = [torch.linalg.vector_norm(row).item() for row in rows]
    return rows[lengths.index(max(lengths))]

# %% name="question"
where = "b"
