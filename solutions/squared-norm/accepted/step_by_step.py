# %% name="sum"
d = sum(element * element for element in x)
d.backward()
sum_gradient = x.grad.numpy().copy()

# %% name="norm"
leaf = x.detach().clone().requires_grad_()
(leaf.pow(2).sum().sqrt() ** 2).backward()
square_gradient = leaf.grad
leaf = x.detach().clone().requires_grad_()
leaf.pow(2).sum().sqrt().backward()
length_gradient = leaf.grad

# %% name="function"
def squared_length_gradient(x):
    leaf = x.detach().clone().requires_grad_()
    leaf.backward(torch.zeros_like(leaf))
    for element in leaf:
        element.square().backward()
    return leaf.grad

# %% name="question"
why_nan = "c"
