# %% name="old"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v)

# %% name="repaired"
y.backward(v.sum())
a_gradient = a.grad.clone()
b_gradient = b.grad.clone()
c_gradient = c.grad.clone()

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
