# /// outcome
# failed = ["vector-shape", "vector-gradient", "matrix-shape", "matrix-gradient"]
# ///

# %% name="scalar"
d = f(scalar)
d.backward()
scalar_gradient = scalar.grad
print(scalar_gradient == d / scalar)

# %% name="vector"
d = f(vector)
d.sum().backward()
vector_gradient = vector.grad[0]

# %% name="matrix"
d = f(matrix)
d.sum().backward()
matrix_gradient = matrix.grad[0, 0].item()

# %% name="slope"
def slope(a):
    a = a.detach().clone().requires_grad_()
    f(a).sum().backward()
    return a.grad

# %% name="questions"
complaint = "b"
same_number = "a"
