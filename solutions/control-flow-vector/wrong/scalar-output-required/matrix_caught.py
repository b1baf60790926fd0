# /// outcome
# failed = ["matrix-pass"]
# missing = ["matrix-shape"]
# skipped = ["matrix-gradient"]
# diagnosis = "scalar-output-required"
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
try:
    d.backward()
except RuntimeError as error:
    print(error)
matrix_gradient = matrix.grad

# %% name="slope"
def slope(a):
    a = a.detach().clone().requires_grad_()
    f(a).sum().backward()
    return a.grad

# %% name="questions"
complaint = "b"
same_number = "a"
