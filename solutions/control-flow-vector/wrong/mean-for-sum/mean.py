# /// outcome
# failed = ["vector-gradient", "matrix-gradient", "slope"]
# diagnosis = "mean-for-sum"
# ///

# %% name="scalar"
d = f(scalar)
d.backward()
scalar_gradient = scalar.grad
print(scalar_gradient == d / scalar)

# %% name="vector"
d = f(vector)
d.mean().backward()
vector_gradient = vector.grad

# %% name="matrix"
d = f(matrix)
d.mean().backward()
matrix_gradient = matrix.grad

# %% name="slope"
def slope(a):
    a = a.detach().clone().requires_grad_()
    f(a).mean().backward()
    return a.grad

# %% name="questions"
complaint = "b"
same_number = "a"
