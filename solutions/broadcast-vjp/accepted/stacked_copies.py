# %% name="old"
y = 3 * a + 2 * b * b + torch.log(c)
try:
    y.backward(gradient=v)
except Exception as error:
    message = str(error)

# %% name="repaired"
three = torch.stack([y, y, y])
three.backward(v)
a_gradient, b_gradient, c_gradient = a.grad.item(), b.grad.item(), c.grad.item()

# %% name="single"
for t in (a, b, c):
    t.grad.zero_()
y = 3 * a + 2 * b * b + torch.log(c)
y.backward(torch.tensor(sum(v.tolist())))
a_again = a.grad

# %% name="function"
def shared_gradient(t, v):
    leaf = t.detach().clone().requires_grad_()
    (leaf**3).backward(v.sum())
    return leaf.grad

# %% name="question"
meaning = "d"
