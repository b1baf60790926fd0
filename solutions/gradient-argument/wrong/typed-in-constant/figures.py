# /// outcome
# failed = ["a-gradient", "b-gradient", "c-gradient"]
# diagnosis = "typed-in-constant"
# ///

# %% name="forward"
y = 3 * a + 2 * b**2 + torch.log(c)

# %% name="backward"
y.backward(v)
a_gradient = torch.tensor([3e-1, 3.0, 3e-4])
b_gradient = torch.tensor([1.2, 16.0, 2e-3])
c_gradient = torch.tensor([0.1 / 6, 1 / 7, 1e-4 / 8])

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
