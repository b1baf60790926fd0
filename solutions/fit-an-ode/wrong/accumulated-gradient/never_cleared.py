# /// outcome
# failed = ["close", "close-between"]
# ///

# %% name="residual"
def residual(w, t):
    t = t.detach().clone().requires_grad_()
    y = network(w, t)
    (slope,) = torch.autograd.grad(y.sum(), t, create_graph=True)
    return slope + y

# %% name="train"
w = torch.randn(24, requires_grad=True)
for step in range(150):
    loss = (residual(w, torch.linspace(0, 2, 9)) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.05 * w.grad
trained = w.detach()

# %% name="question"
why_graph = "b"
