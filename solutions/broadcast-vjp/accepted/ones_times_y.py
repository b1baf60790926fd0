# %% name="old"
y = torch.add(3 * a, 2 * b.pow(2)) + torch.log(c)
torch.autograd.backward(y, v)

# %% name="repaired"
y = torch.add(3 * a, 2 * b.pow(2)) + torch.log(c)
(y * torch.ones(3)).backward(v)
a_gradient, b_gradient, c_gradient = (t.grad.numpy().copy() for t in (a, b, c))

# %% name="single"
leaf = a.detach().clone().requires_grad_()
y = 3 * leaf + 2 * b.detach() ** 2 + torch.log(c.detach())
y.backward(torch.dot(v, torch.ones(3)))
a_again = leaf.grad

# %% name="function"
def shared_gradient(t, v):
    _, pull_back = torch.func.vjp(lambda s: (s**3).repeat(v.numel()), t.detach())
    return pull_back(v.flatten())[0]

# %% name="question"
meaning = "d"
