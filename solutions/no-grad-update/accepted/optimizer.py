# %% name="loss"
optimizer = torch.optim.SGD([w], lr=rate)
loss = torch.nn.functional.mse_loss(x @ w, targets)
loss.backward()
gradient = w.grad.numpy().copy()

# %% name="step"
optimizer.step()
loss_after = torch.nn.functional.mse_loss(x @ w, targets).detach()

# %% name="again"
optimizer.zero_grad()
torch.nn.functional.mse_loss(x @ w, targets).backward()
optimizer.step()

# %% name="function"
def fitted(w, x, targets):
    p = torch.nn.Parameter(w.detach().clone())
    descent = torch.optim.SGD([p], lr=0.1)
    for _ in range(5):
        descent.zero_grad()
        torch.nn.functional.mse_loss(x @ p, targets).backward()
        descent.step()
    return p.detach()

# %% name="question"
why_not = "c"
