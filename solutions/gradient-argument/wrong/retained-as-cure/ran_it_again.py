# /// outcome
# failed = ["a-gradient", "b-gradient", "c-gradient"]
# diagnosis = "retained-as-cure"
# ///

# %% name="forward"
y = 3 * a + 2 * b**2 + torch.log(c)

# %% name="backward"
y.backward(v, retain_graph=True)
print(a.grad, b.grad, c.grad)
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
