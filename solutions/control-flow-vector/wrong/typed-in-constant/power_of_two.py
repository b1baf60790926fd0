# /// outcome
# failed = ["scalar-gradient", "vector-gradient", "matrix-gradient", "slope"]
# ///

# %% name="scalar"
d = f(scalar)
d.backward()
scalar_gradient = torch.tensor(1024.0)

# %% name="vector"
d = f(vector)
d.sum().backward()
vector_gradient = torch.full((3,), 1024.0)

# %% name="matrix"
d = f(matrix)
d.sum().backward()
matrix_gradient = torch.full((2, 3), 1024.0)

# %% name="slope"
def slope(a):
    return torch.full_like(a, 1024.0)

# %% name="questions"
complaint = "b"
same_number = "a"
