# /// outcome
# failed = ["y", "dot-gradient"]
# diagnosis = "constant-factor"
# ///

# %% name="forward"
x.requires_grad_(True)
y = torch.dot(x, x)

# %% name="backward"
y.backward()
dot_gradient = x.grad.clone()
print(dot_gradient == 4 * x)

# %% name="another"
x.grad = None
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
