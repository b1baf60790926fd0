# /// outcome
# failed = ["no-exponential"]
# missing = ["slope-taken", "through-the-slope"]
# skipped = ["close", "close-between"]
# diagnosis = "derivative-by-formula"
# ///

# %% name="residual"
def residual(w, t):
    t = t.detach().clone().requires_grad_()
    y = network(w, t)
    (slope,) = torch.autograd.grad(y.sum(), t, create_graph=True)
    return slope + y

# %% name="train"
grid = torch.linspace(0, 2, 33)
w = torch.randn(24, requires_grad=True)
optimizer = torch.optim.LBFGS([w], max_iter=40, line_search_fn="strong_wolfe")


def closure():
    optimizer.zero_grad()
    loss = ((network(w, grid) - torch.exp(-grid)) ** 2).mean()
    loss.backward()
    return loss


optimizer.step(closure)
trained = w.detach()

# %% name="question"
why_graph = "b"
