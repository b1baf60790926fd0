# /// outcome
# failed = ["a-gradient", "b-gradient", "c-gradient", "shared-gradient"]
# ///

# %% name="old"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v)

# %% name="repaired"
(y,) = (3 * a + 2 * b**2 + torch.log(c),)
y.expand(3).backward(v)
a_gradient = 3 * v
b_gradient = (4 * b * v).detach()
c_gradient = (v / c).detach()

# %% name="single"
a.grad = b.grad = c.grad = None
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v.sum())
a_again = a.grad.clone()

# %% name="function"
def shared_gradient(t, v):
    return 3 * t.detach() ** 2 * v

# %% name="question"
meaning = "d"
