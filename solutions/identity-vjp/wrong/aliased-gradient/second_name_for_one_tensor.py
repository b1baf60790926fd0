# /// outcome
# failed = ["first-kept"]
# ///

# %% name="puzzle"
y = z
y.backward(z)
puzzle = z.grad

# %% name="ones"
z.grad.zero_()
y.backward(torch.ones_like(z))
with_ones = z.grad.clone()

# %% name="weights"
z.grad.zero_()
y.backward(v)
with_v = z.grad.clone()

# %% name="turned"
z.grad.zero_()
z.flip(0).backward(v)
with_v_flipped = z.grad.clone()

# %% name="answer"
reason = "b"
