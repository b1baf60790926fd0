# %%
def f():
    return 3 * a + 2 * b**2 + torch.log(c)


def cleared_by(optimizer):
    optimizer.zero_grad()
    return a.grad

# %% name="twice"
y = f()
for _ in range(2):
    y.backward(retain_graph=True)
without_clearing = [t.grad.detach().clone() for t in (a, b, c)]

# %% name="cleared"
for _ in range(2):
    for t in (a, b, c):
        t.grad.zero_()
    f().backward()
with_clearing = [t.grad.clone() for t in (a, b, c)]

# %% name="optimizer"
optimizer = torch.optim.SGD([a, b, c], lr=0.1)
after_zero_grad = cleared_by(optimizer)

# %% name="loop"
def descend(w):
    for _ in range(3):
        w = w - 0.01 * 4 * w**3
    return w

# %% name="question"
why_add = "a"
