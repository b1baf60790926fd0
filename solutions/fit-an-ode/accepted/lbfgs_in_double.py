# %% name="residual"
def residual(w, t):
    rows = []
    for moment in t.detach():
        moment = moment.reshape(1).requires_grad_()
        y = network(w, moment)
        rows.append(torch.autograd.grad(y, moment, torch.ones_like(y), create_graph=True)[0] + y)
    return torch.cat(rows)

# %% name="train"
grid = torch.linspace(0, 2, 12, dtype=torch.float64)
parameters = torch.nn.Parameter(torch.randn(24, dtype=torch.float64))
optimizer = torch.optim.LBFGS([parameters], max_iter=40, line_search_fn="strong_wolfe")


def closure():
    optimizer.zero_grad()
    loss = residual(parameters, grid).pow(2).mean()
    loss.backward()
    return loss


optimizer.step(closure)
trained = parameters.detach().float()

# %% name="question"
why_graph = "b"
