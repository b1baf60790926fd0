# %% name="loss"
loss = ((x @ w - targets) ** 2).mean()
loss.backward()
gradient = w.grad.clone()

# %% name="step"
with torch.no_grad():
    w -= rate * w.grad
loss_after = ((x @ w - targets) ** 2).mean()

# %% name="again"
w.grad = None
((x @ w - targets) ** 2).mean().backward()
with torch.no_grad():
    w -= rate * w.grad

# %% name="function"
def fitted(w, x, targets):
    w = w.detach().clone().requires_grad_()
    for _ in range(5):
        w.grad = None
        ((x @ w - targets) ** 2).mean().backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
    return w.detach()

# %% name="question"
why_not = "c"
