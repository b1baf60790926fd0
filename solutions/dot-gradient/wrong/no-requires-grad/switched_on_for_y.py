# /// outcome
# failed = ["y"]
# missing = ["dot-gradient"]
# diagnosis = "no-requires-grad"
# ///

# %% name="forward"
y = 2 * torch.dot(x, x)
y.requires_grad_(True)

# %% name="backward"
y.backward()
dot_gradient = x.grad

# %% name="another"
x.requires_grad_(True)
torch.prod(x + 1).backward()
product_gradient = x.grad.clone()

# %% name="function"
def dot_gradients(a, b):
    a = a.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    torch.dot(a, b).backward()
    return torch.stack([a.grad, b.grad])

# %% name="question"
first_element = "b"
