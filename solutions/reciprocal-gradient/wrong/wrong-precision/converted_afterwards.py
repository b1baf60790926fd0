# /// outcome
# failed = ["gradient64"]
# ///

# %% name="autograd"
loss = 1 / a
loss.backward()
gradient = a.grad.clone()

# %% name="formula"
by_formula = -1 / a.detach() ** 2
print(gradient == by_formula, (gradient - by_formula).item())
print(gradient == -(1 / a) * (1 / a))

# %% name="double"
a64.requires_grad_()
(1 / a64.float()).backward()
gradient64 = a64.grad

# %% name="compare"
def same_up_to_rounding(got, expected):
    return bool(((got - expected).abs() <= 1e-5 * expected.abs()).all())

# %% name="verdict"
who_is_right = "c"
