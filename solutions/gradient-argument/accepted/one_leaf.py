# %% name="forward"
inputs = torch.stack([a, b, c]).detach().requires_grad_()
y = 3 * inputs[0] + 2 * inputs[1] ** 2 + inputs[2].log()

# %% name="backward"
y.backward(v)
a_gradient, b_gradient, c_gradient = inputs.grad

# %% name="question"
meaning = "d"

# %% name="weighted"
def weighted_gradient(point, weights):
    point = point.detach().clone()
    point.requires_grad = True
    out = pair(point)
    out.backward(gradient=weights)
    return point.grad

# %% name="jacobian"
def jacobian(x):
    first = weighted_gradient(x, torch.tensor([1.0, 0.0], dtype=x.dtype))
    second = weighted_gradient(x, torch.tensor([0.0, 1.0], dtype=x.dtype))
    return torch.stack([first, second])
