# /// outcome
# failed = ["descend"]
# diagnosis = "callers-tensor-changed"
# ///

# %% name="twice"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(retain_graph=True)
y.backward()
without_clearing = [a.grad.clone(), b.grad.clone(), c.grad.clone()]

# %% name="cleared"
for _ in range(2):
    for t in (a, b, c):
        t.grad.zero_()
    y = 3 * a + 2 * b**2 + torch.log(c)
    y.backward()
with_clearing = [a.grad.clone(), b.grad.clone(), c.grad.clone()]

# %% name="optimizer"
optimizer = torch.optim.SGD([a, b, c], lr=0.1)
optimizer.zero_grad()
after_zero_grad = a.grad

# %% name="loop"
def descend(w):
    w.grad = None
    w = w.detach().clone().requires_grad_()
    for _ in range(3):
        w.grad = None
        (w**4).sum().backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
    return w.detach()

# %% name="question"
why_add = "a"
