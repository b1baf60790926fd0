# %% name="scalar"
scalar_gradient = torch.autograd.grad(f(scalar), scalar)[0]

# %% name="vector"
out = f(vector)
(vector_gradient,) = torch.autograd.grad(out, vector, grad_outputs=torch.ones_like(out))

# %% name="matrix"
(matrix_gradient,) = torch.autograd.grad(f(matrix).sum(), [matrix])

# %% name="slope"
def slope(a):
    a = a.detach().requires_grad_()
    return torch.autograd.grad(f(a).sum(), a)[0]

# %% name="questions"
complaint = "b"
same_number = "a"
