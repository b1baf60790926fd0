# /// outcome
# failed = ["residual"]
# missing = ["slope-taken", "through-the-slope"]
# skipped = ["close", "close-between"]
# ///

# %% name="residual"
def residual(w, t):
    t = t.detach().clone().requires_grad_()
    y = network(w, t)
    (slope,) = torch.autograd.grad(y.sum(), t, create_graph=True)
    return (slope + y).detach()

# %% name="train"
trained = torch.randn(24)

# %% name="question"
why_graph = "b"
