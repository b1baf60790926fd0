# %% name="residual"
def residual(w, t):
    s = torch.zeros((), dtype=w.dtype, requires_grad=True)
    y = network(w, t.detach() + s)
    v = torch.ones_like(y, requires_grad=True)
    (total,) = torch.autograd.grad(y, s, v, create_graph=True)
    return torch.autograd.grad(total, v, create_graph=True)[0] + y

# %% name="train"
grid = torch.linspace(0, 2, 21)
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
