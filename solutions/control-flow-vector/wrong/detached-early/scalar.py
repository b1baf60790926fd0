# /// outcome
# failed = ["scalar-pass"]
# skipped = ["scalar-gradient"]
# diagnosis = "detached-early"
# ///

# %% name="scalar"
d = f(scalar.detach())
d.backward()
scalar_gradient = scalar.grad

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
    a = a.detach().clone().requires_grad_()
    f(a).sum().backward()
    return a.grad

# %% name="questions"
complaint = "b"
same_number = "a"
