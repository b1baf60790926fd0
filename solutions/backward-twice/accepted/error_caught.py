# %% name="first-pass"
y = (x * x).sum() * 2
y.backward()
first_gradient = x.grad.detach().clone()
print(first_gradient)

# %% name="second-pass"
try:
    y.backward()
except RuntimeError as error:
    print(error)

# %% name="retained"
x.grad.zero_()
y = (x * x).sum() * 2
y.backward(retain_graph=True)
print(x.grad)
y.backward(retain_graph=True)
second_gradient = x.grad.clone()

# %% name="why"
why_error = "c"
why_sum = "d"
