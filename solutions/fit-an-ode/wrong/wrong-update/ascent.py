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
for step in range(50):
    (gradient,) = torch.autograd.grad((residual(w, torch.linspace(0, 2, 9)) ** 2).mean(), w)
    w = (w + 0.01 * gradient).detach().requires_grad_()
trained = w.detach()

# %% name="question"
why_graph = "b"
