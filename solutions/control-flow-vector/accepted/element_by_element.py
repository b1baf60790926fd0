# %% name="scalar"
d = f(scalar)
d.backward()
scalar_gradient = scalar.grad
print(scalar_gradient == d / scalar)

# %% name="vector"
d = f(vector)
for element in d:
    element.backward(retain_graph=True)
vector_gradient = vector.grad.tolist()

# %% name="matrix"
d = f(matrix)
for row in d:
    row.backward(torch.ones(3), retain_graph=True)
matrix_gradient = matrix.grad.numpy()

# %% name="slope"
def slope(a):
    leaf = torch.tensor(a.tolist(), dtype=a.dtype, requires_grad=True)
    for element in f(leaf).reshape(-1):
        element.backward(retain_graph=True)
    return leaf.grad

# %% name="questions"
complaint = "b"
same_number = "a"
