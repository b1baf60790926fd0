# /// outcome
# failed = ["repaired-pass", "one-weight"]
# skipped = ["a-gradient", "b-gradient", "c-gradient", "a-again"]
# ///

# %% name="old"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v)

# %% name="repaired"
y.backward(v)
a_gradient = a.grad
b_gradient = b.grad
c_gradient = c.grad

# %% name="single"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v)
a_again = a.grad

# %% name="function"
def shared_gradient(t, v):
    leaf = t.detach().clone().requires_grad_()
    (leaf**3).expand(v.shape).backward(v)
    return leaf.grad

# %% name="question"
meaning = "d"
