# /// outcome
# failed = ["scalar-gradient", "vector-gradient"]
# diagnosis = "value-for-gradient"
# ///

# %% name="scalar"
d = f(scalar)
d.backward()
scalar_gradient = d.detach()

# %% name="vector"
d = f(vector)
d.sum().backward()
vector_gradient = d.detach()

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
