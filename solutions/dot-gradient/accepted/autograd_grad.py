# %% name="forward"
x.requires_grad = True
y = 2 * (x @ x)

# %% name="backward"
(dot_gradient,) = torch.autograd.grad(y, x)

# %% name="another"
(product_gradient,) = torch.autograd.grad((x + 1).prod(), x)

# %% name="function"
def dot_gradients(a, b):
    a, b = (t.detach().requires_grad_() for t in (a, b))
    return torch.vstack(torch.autograd.grad(a @ b, (a, b)))

# %% name="question"
first_element = "b"
