# /// outcome
# failed = ["a-gradient", "b-gradient", "c-gradient"]
# diagnosis = "typed-in-constant"
# ///

# %% name="old"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v)

# %% name="repaired"
y.expand(3).backward(v)
a_gradient, b_gradient, c_gradient = 3.3003, 4.4004, 1.1001

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
