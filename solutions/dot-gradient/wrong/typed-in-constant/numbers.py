# /// outcome
# failed = ["dot-gradient", "product-gradient"]
# diagnosis = "typed-in-constant"
# ///

# %% name="forward"
x.requires_grad_(True)
y = 2 * torch.dot(x, x)

# %% name="backward"
y.backward()
dot_gradient = torch.tensor([0.0, 4.0, 8.0, 12.0])

# %% name="another"
x.grad = None
torch.prod(x + 1).backward()
product_gradient = [24, 12, 8, 6]

# %% name="function"
def dot_gradients(a, b):
    a = a.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    torch.dot(a, b).backward()
    return torch.stack([a.grad, b.grad])

# %% name="question"
first_element = "b"
