# %% name="passes"
y = 3 * a + 2 * b**2 + torch.log(c)
a_steps = []
for weight in v:
    y.backward(weight, create_graph=True)
    a_steps.append(a.grad.item())

# %% name="result"
a_gradient = a.grad.detach()
b_gradient = b.grad.detach()
c_gradient = c.grad.detach()

# %% name="batches"
def batch_gradient(w, x):
    leaf = w.detach().clone().requires_grad_()
    for row in x:
        (torch.dot(row, leaf) ** 2 / len(x)).backward()
    return leaf.grad

# %% name="question"
same_as = "c"
