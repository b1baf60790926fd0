# /// outcome
# missing = ["through-the-slope"]
# skipped = ["close", "close-between"]
# ///

# %% name="residual"
def residual(w, t):
    t = t.detach().clone().requires_grad_()
    y = network(w, t)
    (slope,) = torch.autograd.grad(y.sum(), t, create_graph=True)
    return slope + y

# %% name="train"
w = torch.randn(24)
residual(w, torch.linspace(0, 2, 9))
trained = w

# %% name="question"
why_graph = "b"
