# %%
def formula():
    return 3 * a + 2 * b.pow(2) + torch.log(c)


def collected():
    return torch.stack([a.grad, b.grad, c.grad])

# %% name="twice"
y = formula()
torch.autograd.backward(y, retain_graph=True)
torch.autograd.backward(y)
without_clearing = collected()

# %% name="cleared"
for _ in range(2):
    for t in (a, b, c):
        t.grad.mul_(0)
    formula().backward()
with_clearing = collected()

# %% name="optimizer"
optimizer = torch.optim.SGD([a, b, c], lr=0.1)
optimizer.zero_grad()
after_zero_grad = a.grad

# %% name="loop"
def descend(w):
    w = torch.nn.Parameter(w.detach().clone())
    optimizer = torch.optim.SGD([w], lr=0.01)
    for _ in range(3):
        optimizer.zero_grad()
        (w**4).sum().backward()
        optimizer.step()
    return w.detach()

# %% name="question"
why_add = "a"
