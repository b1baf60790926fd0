# %% name="first-pass"
x_grads = []
y = torch.sum(2 * x**2)
y.backward()
x_grads.append(x.grad.clone())
first_gradient = x_grads[0]

# %% name="second-pass"
y.backward()

# %% name="retained"
def passes(times):
    x.grad = None
    out = torch.sum(2 * x**2)
    for i in range(times):
        out.backward(retain_graph=i < times - 1)
        x_grads.append(x.grad.clone())
    return out


y = passes(2)
second_gradient = x_grads[-1]

# %% name="why"
why_error = "c"
why_sum = "d"
