# /// outcome
# failed = ["repaired-pass"]
# skipped = ["a-gradient", "b-gradient", "c-gradient"]
# diagnosis = "scalar-output-required"
# ///

# %% name="old"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v)

# %% name="repaired"
y.expand(3).backward()
a_gradient = a.grad
b_gradient = b.grad
c_gradient = c.grad

# %% name="single"
a.grad = b.grad = c.grad = None
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v.sum())
a_again = a.grad.clone()

# %% name="function"
def shared_gradient(t, v):
    leaf = t.detach().clone().requires_grad_()
    (leaf**3).expand(v.shape).backward(v)
    return leaf.grad

# %% name="question"
meaning = "d"
