# /// outcome
# failed = ["residual"]
# missing = ["slope-taken", "through-the-slope"]
# skipped = ["close", "close-between"]
# diagnosis = "finite-differences"
# ///

# %% name="residual"
def residual(w, t):
    h = 1e-2
    slope = (network(w, t + h) - network(w, t)) / h
    return slope + network(w, t)

# %% name="train"
grid = torch.linspace(0, 2, 33)
w = torch.randn(24, requires_grad=True)
optimizer = torch.optim.LBFGS([w], max_iter=80, line_search_fn="strong_wolfe")


def closure():
    optimizer.zero_grad()
    loss = (residual(w, grid) ** 2).mean()
    loss.backward()
    return loss


optimizer.step(closure)
trained = w.detach()

# %% name="question"
why_graph = "b"
