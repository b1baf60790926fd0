# %% name="grad"
loss = (x @ w).pow(2).sum() / 4
answers = [torch.autograd.grad(loss, [w], retain_graph=True)[0] for _ in range(2)]
first, second = answers

# %% name="backward"
loss = (x @ w).pow(2).sum() / 4
for _ in range(2):
    torch.autograd.backward(loss, retain_graph=True)
added_up = w.grad.tolist()

# %% name="rows"
per_row = torch.zeros(4, 3)
for i in range(4):
    w.grad = None
    torch.dot(x[i], w).square().backward()
    per_row[i] = w.grad

# %% name="function"
def longest_gradient(w, x):
    best, length = None, -1.0
    for row in x:
        leaf = w.detach().clone().requires_grad_()
        (row @ leaf).square().backward()
        if leaf.grad.norm() > length:
            best, length = leaf.grad, leaf.grad.norm()
    return best

# %% name="question"
where = "b"
