# %%
import numpy as np

# %% name="forward"
y = torch.add(3 * a, 2 * b * b) + torch.log(c)
y.backward(torch.ones_like(y))
a_gradient, b_gradient, c_gradient = a.grad.item(), b.grad.item(), c.grad.item()

# %% name="prediction"
predicted_change = np.dot([a_gradient, b_gradient, c_gradient], [0.001, 0.001, 0.001])
p = np.array([a.item(), b.item(), c.item()])


def f(p):
    return 3 * p[0] + 2 * p[1] ** 2 + np.log(p[2])


real_change = f(p + 0.001) - f(p)

# %% name="function"
def gradients(a, b, c):
    p = torch.stack([a, b, c]).detach().requires_grad_()
    (3 * p[0] + 2 * p[1] ** 2 + torch.log(p[2])).backward()
    return p.grad

# %% name="question"
largest = "b"
