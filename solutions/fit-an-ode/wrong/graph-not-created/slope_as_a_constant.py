# /// outcome
# missing = ["through-the-slope"]
# skipped = ["close", "close-between"]
# diagnosis = "graph-not-created"
# ///

# %% name="residual"
def residual(w, t):
    t = t.detach().clone().requires_grad_()
    y = network(w, t)
    (slope,) = torch.autograd.grad(y.sum(), t, create_graph=True)
    return slope + y

# %% name="train"
def equation(w, t):
    t = t.detach().clone().requires_grad_()
    y = network(w, t)
    return torch.autograd.grad(y.sum(), t, retain_graph=True)[0] + y


grid = torch.linspace(0, 2, 33)
w = torch.randn(24, requires_grad=True)
optimizer = torch.optim.LBFGS([w], max_iter=20, line_search_fn="strong_wolfe")


def closure():
    optimizer.zero_grad()
    loss = (equation(w, grid) ** 2).mean()
    loss.backward()
    return loss


optimizer.step(closure)
trained = w.detach()

# %% name="question"
why_graph = "b"
