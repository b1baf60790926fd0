# %% name="loss"
errors = torch.mv(x, w) - targets
loss = errors.square().mean()
(gradient,) = torch.autograd.grad(loss, w)

# %% name="step"
w = (w - rate * gradient).detach().requires_grad_()
loss_after = (x @ w - targets).square().mean().item()

# %% name="again"
(gradient2,) = torch.autograd.grad((x @ w - targets).square().mean(), w)
w = (w - rate * gradient2).detach().requires_grad_()

# %% name="function"
def fitted(w, x, targets):
    w = w.detach()
    for _ in range(5):
        w.requires_grad_()
        (slope,) = torch.autograd.grad((x @ w - targets).square().mean(), w)
        w = w.detach() - 0.1 * slope
    return w

# %% name="question"
why_not = "c"
