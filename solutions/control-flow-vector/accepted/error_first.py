# %% name="scalar"
d = f(scalar)
d.backward()
scalar_gradient = scalar.grad
print(scalar_gradient == d / scalar)

# %% name="vector"
d = f(vector)
try:
    d.backward()
except RuntimeError as error:
    print(error)
d.backward(torch.tensor([1.0, 1.0, 1.0]))
vector_gradient = vector.grad.clone()

# %% name="matrix"
d = f(matrix)
d.sum().backward()
matrix_gradient = matrix.grad
print(matrix_gradient, d / matrix)

# %% name="slope"
def slope(a):
    a = a.detach().clone().requires_grad_()
    f(a).sum().backward()
    return a.grad

# %% name="questions"
complaint = "b"
same_number = "a"
