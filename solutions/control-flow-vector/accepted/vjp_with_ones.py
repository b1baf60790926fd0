# %% name="scalar"
scalar.grad = None
with torch.enable_grad():
    d = f(scalar)
torch.autograd.backward([d])
scalar_gradient = float(scalar.grad)

# %% name="vector"
d = f(vector)
d.sum().backward()
vector_gradient = vector.grad

# %% name="matrix"
d = f(matrix)
d.backward(torch.ones_like(d))
matrix_gradient = matrix.grad

# %% name="slope"
def slope(a):
    out, pull_back = torch.func.vjp(f, a.detach())
    return pull_back(torch.ones_like(out))[0]

# %% name="questions"
complaint = "b"
same_number = "a"
