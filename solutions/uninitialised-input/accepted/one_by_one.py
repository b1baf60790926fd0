# %%
import math

# %% name="zeros"
y = 3 * a + 2 * b**2 + torch.log(c)
for i in range(3):
    y[i].backward(v[i], retain_graph=True)
# an element's pass gives the other places 0, times infinity
a_gradient, b_gradient = a.grad, b.grad
fresh = c.detach().clone().requires_grad_()
torch.log(fresh).backward(v)
c_gradient = fresh.grad

# %% name="notice"
def usable(c, v):
    leaf = c.detach().clone().requires_grad_()
    torch.log(leaf).backward(v)
    gradient = leaf.grad
    return all(math.isfinite(number) for number in gradient.flatten().tolist())

# %% name="avoid"
def log_gradient(c):
    result = torch.zeros_like(c)
    for i, element in enumerate(c.detach()):
        if element > 0:
            leaf = element.clone().requires_grad_()
            leaf.log().backward()
            result[i] = leaf.grad
    return result.detach()

# %% name="question"
why_different = "d"
