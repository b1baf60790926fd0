# %% name="scalar"
scalar_gradient = torch.func.grad(f)(scalar.detach())

# %% name="vector"
vector_gradient = torch.func.grad(lambda t: f(t).sum())(vector.detach())

# %% name="matrix"
out, pull = torch.func.vjp(f, matrix.detach())
(matrix_gradient,) = pull(torch.ones_like(out))

# %% name="slope"
def slope(a):
    a = a.detach().requires_grad_()
    return torch.autograd.grad(f(a).sum(), a)[0]

# %% name="questions"
complaint = "b"
same_number = "a"
