# %% name="scalar"
scalar = torch.randn(size=(), requires_grad=True)
d = f(scalar)
d.backward()
scalar_gradient = scalar.grad

# %% name="vector"
vector = torch.randn(3, requires_grad=True)
d = f(vector)
d.sum().backward()
vector_gradient = vector.grad

# %% name="matrix"
matrix = torch.rand((2, 3)) - 0.8
matrix.requires_grad_()
d = f(matrix)
d.backward(torch.ones(2, 3))
matrix_gradient = matrix.grad

# %% name="slope"
def slope(a):
    a = a.detach().clone().requires_grad_()
    f(a).sum().backward()
    return a.grad

# %% name="questions"
complaint = "b"
same_number = "a"
