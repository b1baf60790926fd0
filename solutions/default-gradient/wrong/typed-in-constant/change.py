# /// outcome
# failed = ["real-change"]
# diagnosis = "typed-in-constant"
# ///

# %% name="forward"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward()
a_gradient = a.grad
b_gradient = b.grad
c_gradient = c.grad

# %% name="prediction"
predicted_change = 0.001 * (a_gradient + b_gradient + c_gradient)
real_change = 0.01695233

# %% name="function"
def gradients(a, b, c):
    a, b, c = (t.detach().clone().requires_grad_() for t in (a, b, c))
    (3 * a + 2 * b**2 + torch.log(c)).backward()
    return torch.stack([a.grad, b.grad, c.grad])

# %% name="question"
largest = "b"
