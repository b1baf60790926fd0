# /// outcome
# failed = ["fitted"]
# diagnosis = "callers-tensor-changed"
# ///

# %% name="loss"
loss = torch.dot(x @ w - targets, x @ w - targets) / 4
loss.backward()
gradient = w.grad.tolist()

# %% name="step"
w.data = w.data - rate * w.grad
with torch.no_grad():
    loss_after = torch.dot(x @ w - targets, x @ w - targets) / 4

# %% name="again"
w.grad.zero_()
(torch.dot(x @ w - targets, x @ w - targets) / 4).backward()
w.data.sub_(rate * w.grad)

# %% name="function"
def fitted(w, x, targets):
    slope = torch.func.grad(lambda v: ((x @ v - targets) ** 2).mean())
    w.grad = None
    w = w.detach().clone()
    for _ in range(5):
        w = w - 0.1 * slope(w)
    return w

# %% name="question"
why_not = "c"
