# /// outcome
# failed = ["slope"]
# ///

# %% name="scalar"
d = f(scalar)
d.backward()
scalar_gradient = scalar.grad
print(scalar_gradient == d / scalar)

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
    f(a).sum().backward()
    return a.grad

# %% name="questions"
complaint = "b"
same_number = "a"
