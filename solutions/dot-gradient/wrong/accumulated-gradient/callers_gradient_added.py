# /// outcome
# failed = ["dot-gradients"]
# diagnosis = "accumulated-gradient"
# ///

# %% name="forward"
x.requires_grad_(True)
y = 2 * torch.dot(x, x)

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
    a.requires_grad_()
    b.requires_grad_()
    torch.dot(a, b).backward()
    return torch.stack([a.grad, b.grad])

# %% name="question"
first_element = "b"
