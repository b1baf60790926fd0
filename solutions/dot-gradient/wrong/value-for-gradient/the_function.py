# /// outcome
# failed = ["dot-gradient", "product-gradient"]
# ///

# %% name="forward"
x.requires_grad_(True)
y = 2 * torch.dot(x, x)

# %% name="backward"
y.backward()
dot_gradient = y.detach()

# %% name="another"
x.grad = None
product = torch.prod(x + 1)
product.backward()
product_gradient = product.detach()

# %% name="function"
def dot_gradients(a, b):
    a = a.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    torch.dot(a, b).backward()
    return torch.stack([a.grad, b.grad])

# %% name="question"
first_element = "b"
