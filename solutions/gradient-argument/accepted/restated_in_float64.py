# %% name="forward"
a = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64, requires_grad=True)
b = torch.tensor([3.0, 4.0, 5.0], dtype=torch.float64, requires_grad=True)
c = torch.tensor([6.0, 7.0, 8.0], dtype=torch.float64, requires_grad=True)
v = torch.tensor([0.1, 1.0, 0.0001], dtype=torch.float64)
y = 3 * a + 2 * b**2 + torch.log(c)

# %% name="backward"
y.backward(v)
a_gradient = a.grad
b_gradient = b.grad
c_gradient = c.grad

# %% name="question"
meaning = "d"

# %% name="weighted"
def weighted_gradient(x, v):
    x = x.detach().clone().requires_grad_()
    pair(x).backward(v)
    return x.grad

# %% name="jacobian"
def jacobian(x):
    first = weighted_gradient(x, torch.tensor([1.0, 0.0], dtype=x.dtype))
    second = weighted_gradient(x, torch.tensor([0.0, 1.0], dtype=x.dtype))
    return torch.stack([first, second])
