# %% name="passes"
y = 3 * a + 2 * b**2 + torch.log(c)
a_steps = []
for weight in v:
    y.backward(weight, retain_graph=True)
    a_steps.append(a.grad.clone())

# %% name="result"
a_gradient = a.grad
b_gradient = b.grad
c_gradient = c.grad

# %% name="batches"
def batch_gradient(w, x):
    leaf = w.detach().clone().requires_grad_()
    ((x @ leaf) ** 2).mean().backward()
    return leaf.grad

# %% name="question"
same_as = "c"
