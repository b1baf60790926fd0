# /// outcome
# failed = ["x-kept"]
# ///

# %% name="provoked"
y = torch.exp(x)
y += 1
y.sum().backward()

# %% name="mended"
mended = torch.exp(x) + 1
mended.sum().backward()
exp_gradient = x.grad.clone()

# %% name="harmless"
x.grad = None
z = 3 * x
z += 1
z.sum().backward()
linear_gradient = x.grad.clone()

# %% name="replaced"
x.grad = None
with torch.no_grad():
    x[0] = 0
r = x
(r**2).sum().backward()
replaced_gradient = x.grad.clone()

# %% name="function"
def running_product(x):
    products = [x[0]]
    for element in x[1:]:
        products.append(products[-1] * element)
    return torch.stack(products)

# %% name="question"
why_exp = "a"
