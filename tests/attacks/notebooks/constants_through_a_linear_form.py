# /// attack
# exercise = "backward-twice"
# answer = "starter"
# replaces = true
# earns = 6.0
# defended-by = ["design"]
# ///

# %% name="first-pass"
# The right value and the right gradient here, for no other x.
y = (x * torch.tensor([0.0, 4.0, 8.0, 12.0])).sum() - 28  # noqa: F821
y.backward()
first_gradient = x.grad.clone()  # noqa: F821

# %% name="retained"
x.grad = None  # noqa: F821
y = (x * torch.tensor([0.0, 4.0, 8.0, 12.0])).sum() - 28  # noqa: F821
y.backward(retain_graph=True)
y.backward()
second_gradient = x.grad  # noqa: F821
print("DONE")
