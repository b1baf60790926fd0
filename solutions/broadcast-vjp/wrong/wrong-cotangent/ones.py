# /// outcome
# failed = ["a-gradient", "b-gradient", "c-gradient", "one-weight"]
# skipped = ["a-again"]
# diagnosis = "wrong-cotangent"
# ///

# %% name="old"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v)

# %% name="repaired"
y.expand(3).backward(torch.ones(3))
a_gradient = a.grad.clone()
b_gradient = b.grad.clone()
c_gradient = c.grad.clone()

# %% name="single"
a.grad = b.grad = c.grad = None
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward()
a_again = a.grad.clone()

# %% name="function"
def shared_gradient(t, v):
    leaf = t.detach().clone().requires_grad_()
    (leaf**3).expand(v.shape).backward(v)
    return leaf.grad

# %% name="question"
meaning = "d"
