# /// outcome
# failed = ["one-weight", "shared-gradient"]
# skipped = ["a-again"]
# ///

# %% name="old"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v)

# %% name="repaired"
y.expand(3).backward(v)
a_gradient = a.grad.clone()
b_gradient = b.grad.clone()
c_gradient = c.grad.clone()

# %% name="single"
a.grad = b.grad = c.grad = None
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v.mean())
a_again = a.grad.clone()

# %% name="function"
def shared_gradient(t, v):
    leaf = t.detach().clone().requires_grad_()
    (leaf**3).backward(v.mean())
    return leaf.grad

# %% name="question"
meaning = "d"
