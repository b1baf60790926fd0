# %% name="forward"
y = a * 3 + b * b * 2 + c.log()

# %% name="backward"
gradients = torch.FloatTensor([0.1, 1.0, 0.0001])
y.backward(gradients)
print(a.grad)
print(b.grad)
print(c.grad)
a_gradient, b_gradient, c_gradient = a.grad, b.grad, c.grad

# %% name="question"
meaning = "d"

# %% name="weighted"
def weighted_gradient(x, v):
    leaf = torch.tensor([x[0].item(), x[1].item()], dtype=x.dtype, requires_grad=True)
    (v * pair(leaf)).sum().backward()
    return leaf.grad

# %% name="jacobian"
def jacobian(x):
    rows = torch.zeros(2, 2, dtype=x.dtype)
    for i in range(2):
        leaf = x.detach().clone().requires_grad_()
        pair(leaf)[i].backward()
        rows[i] = leaf.grad
    return rows
