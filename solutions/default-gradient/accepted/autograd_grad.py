# %% name="forward"
y = 3 * a + 2 * b.pow(2) + c.log()
a_gradient, b_gradient, c_gradient = torch.autograd.grad(y, [a, b, c])

# %% name="prediction"
predicted_change = torch.stack([a_gradient, b_gradient, c_gradient]).sum() * 0.001
x = [t.item() for t in (a, b, c)]
import math

before = 3 * x[0] + 2 * x[1] ** 2 + math.log(x[2])
after = 3 * (x[0] + 0.001) + 2 * (x[1] + 0.001) ** 2 + math.log(x[2] + 0.001)
real_change = after - before

# %% name="function"
def gradients(a, b, c):
    leaves = [t.detach().requires_grad_() for t in (a, b, c)]
    y = 3 * leaves[0] + 2 * leaves[1] ** 2 + leaves[2].log()
    return torch.stack(torch.autograd.grad(y, leaves))

# %% name="question"
largest = "b"
