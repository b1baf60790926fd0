# /// outcome
# failed = ["a-gradient", "b-gradient", "c-gradient", "predicted-change"]
# diagnosis = "retained-as-cure"
# ///

# %% name="forward"
y = 3 * a + 2 * b**2 + torch.log(c)
y.backward(retain_graph=True)
print(a.grad, b.grad, c.grad)
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
    a, b, c = (t.detach().clone().requires_grad_() for t in (a, b, c))
    (3 * a + 2 * b**2 + torch.log(c)).backward()
    return torch.stack([a.grad, b.grad, c.grad])

# %% name="question"
largest = "b"
