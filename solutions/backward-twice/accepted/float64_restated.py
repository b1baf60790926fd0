# %% name="first-pass"
x = torch.arange(4.0, dtype=torch.float64, requires_grad=True)
y = 2 * (x @ x)
torch.autograd.backward(y)
first_gradient = x.grad.clone()

# %% name="second-pass"
torch.autograd.backward(y)

# %% name="retained"
x.grad.zero_()
y = 2 * (x @ x)
torch.autograd.backward(y, retain_graph=True)
torch.autograd.backward(y)
second_gradient = x.grad

# %% name="why"
why_error = "c"
why_sum = "d"
