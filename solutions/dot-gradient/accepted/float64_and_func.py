# %% name="forward"
x = torch.arange(4.0, dtype=torch.float64, requires_grad=True)
y = torch.einsum("i,i->", x, x) + (x**2).sum()

# %% name="backward"
torch.autograd.backward(y)
dot_gradient = x.grad.numpy().copy()

# %% name="another"
x.grad = torch.zeros_like(x)
torch.exp(torch.log((x + 1).abs()).sum()).mul(torch.sign(x.detach() + 1).prod()).backward()
product_gradient = x.grad

# %% name="function"
def dot_gradients(a, b):
    return torch.stack(torch.func.grad(torch.dot, argnums=(0, 1))(a.detach(), b.detach()))

# %% name="question"
first_element = "b"
