# %% name="forward"
leaf = x.clone().requires_grad_()
y = 2 * (leaf * leaf).sum()

# %% name="backward"
y.backward()
dot_gradient = leaf.grad.tolist()

# %% name="another"
leaf.grad.zero_()
product = 1
for element in leaf:
    product = product * (element + 1)
product.backward()
product_gradient = leaf.grad.tolist()

# %% name="function"
def dot_gradients(a, b):
    pair = torch.stack([a, b]).detach().requires_grad_()
    pair.prod(dim=0).sum().backward()
    return pair.grad

# %% name="question"
first_element = "b"
