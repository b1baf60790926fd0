# %%
def gradient_of_sum(tensor):
    if tensor.grad is not None:
        tensor.grad.zero_()
    result = f(tensor)
    result.backward(gradient=torch.ones(result.shape, dtype=result.dtype))
    return tensor.grad.clone()

# %% name="scalar"
scalar_gradient = gradient_of_sum(scalar).item()

# %% name="vector"
vector_gradient = gradient_of_sum(vector)

# %% name="matrix"
matrix_gradient = gradient_of_sum(matrix)

# %% name="slope"
def slope(tensor):
    return torch.func.grad(lambda t: f(t).sum())(tensor)

# %% name="questions"
complaint = "b"
same_number = "a"
