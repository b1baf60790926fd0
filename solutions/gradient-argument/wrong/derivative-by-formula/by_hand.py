# /// outcome
# missing = ["backward-pass", "argument"]
# skipped = ["a-gradient", "b-gradient", "c-gradient"]
# diagnosis = "derivative-by-formula"
# ///

# %% name="forward"
y = 3 * a + 2 * b**2 + torch.log(c)

# %% name="backward"
a_gradient = 3 * v
b_gradient = (4 * b * v).detach()
c_gradient = (v / c).detach()

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
