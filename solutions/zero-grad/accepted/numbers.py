# %% name="twice"
y = 3 * a + 2 * b * b + c.log()
for _ in range(2):
    y.backward(retain_graph=True)
without_clearing = [t.grad.item() for t in (a, b, c)]

# %% name="cleared"
a.grad.zero_()
b.grad.zero_()
c.grad.zero_()
y.backward(retain_graph=True)
a.grad.fill_(0)
b.grad.fill_(0)
c.grad.fill_(0)
y.backward()
with_clearing = [t.grad.item() for t in (a, b, c)]

# %% name="optimizer"
optimizer = torch.optim.SGD([a, b, c], lr=0.1)
optimizer.zero_grad(set_to_none=True)
after_zero_grad = a.grad

# %% name="loop"
def descend(w):
    point = w.detach().clone()
    for _ in range(3):
        point.requires_grad_(True)
        (gradient,) = torch.autograd.grad(point.pow(4).sum(), point)
        point = (point - 0.01 * gradient).detach()
    return point

# %% name="question"
why_add = "a"
