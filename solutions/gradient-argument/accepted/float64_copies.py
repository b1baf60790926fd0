# %% name="forward"
a64, b64, c64 = (t.detach().double().requires_grad_() for t in (a, b, c))
y = 3 * a64 + 2 * b64.pow(2) + torch.log(c64)

# %% name="backward"
torch.autograd.backward(y, grad_tensors=v.double())
a_gradient = a64.grad
b_gradient = b64.grad
c_gradient = c64.grad

# %% name="question"
meaning = "d"

# %% name="weighted"
def weighted_gradient(x, v):
    _, pull_back = torch.func.vjp(pair, x.detach())
    return pull_back(v)[0]

# %% name="jacobian"
def jacobian(x):
    return torch.func.jacrev(pair)(x.detach())
