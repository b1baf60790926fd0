# %% name="passes"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(v[0], retain_graph=True)
first = a.grad.item()
y.backward(v[1], retain_graph=True)
second = a.grad.item()
y.backward(v[2])
third = a.grad.item()
a_steps = [first, second, third]

# %% name="result"
a_gradient, b_gradient, c_gradient = (t.grad.clone() for t in (a, b, c))

# %% name="batches"
def batch_gradient(w, x):
    leaf = w.detach().clone().requires_grad_()
    for i in range(x.shape[0]):
        (x[i] @ leaf).pow(2).backward()
    return leaf.grad / x.shape[0]

# %% name="question"
same_as = "c"
