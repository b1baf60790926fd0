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
    k = 2.0
    while (a * k).norm() < 1000:
        k = k * 2
    return torch.full_like(a, k)

# %% name="questions"
complaint = "b"
same_number = "a"
