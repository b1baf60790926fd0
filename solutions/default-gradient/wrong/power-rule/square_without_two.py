# /// outcome
# failed = ["y", "b-gradient", "predicted-change", "gradients"]
# ///

# %% name="forward"
y = 3 * a + 2 * b + torch.log(c)
y.backward()
a_gradient = a.grad
b_gradient = b.grad
c_gradient = c.grad

# %% name="prediction"
h = 0.001
predicted_change = h * (a_gradient + b_gradient + c_gradient)


def formula(a, b, c):
    return 3 * a + 2 * b**2 + torch.log(c)


a64, b64, c64 = (t.detach().double() for t in (a, b, c))
real_change = formula(a64 + h, b64 + h, c64 + h) - formula(a64, b64, c64)
print(predicted_change, real_change)

# %% name="function"
def gradients(a, b, c):
    return torch.stack([torch.tensor(3.0, dtype=a.dtype), 2 * b.detach(), 1 / c.detach()])

# %% name="question"
largest = "b"
