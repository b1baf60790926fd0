# %% name="grad"
loss = torch.nn.functional.mse_loss(x @ w, torch.zeros(4))
first = torch.autograd.grad(loss, w, torch.ones(()), retain_graph=True)[0].numpy()
second = torch.autograd.grad(loss, w, torch.ones(()))[0].numpy()

# %% name="backward"
w.grad = torch.zeros(3)
loss = torch.nn.functional.mse_loss(x @ w, torch.zeros(4))
loss.backward(retain_graph=True)
loss.backward(retain_graph=True)
added_up = w.grad.numpy().copy()

# %% name="rows"
squares = (x @ w) ** 2
per_row = torch.autograd.grad(squares, w, torch.eye(4), is_grads_batched=True)[0]

# %% name="function"
def longest_gradient(w, x):
    J = torch.autograd.functional.jacobian(lambda v: (x @ v) ** 2, w.detach())
    return max(J, key=lambda row: row.norm().item())

# %% name="question"
where = "b"
