# /// outcome
# failed = ["puzzle"]
# skipped = ["first-kept"]
# ///

# %% name="puzzle"
y = z
y.backward(torch.ones(5))
puzzle = z.grad.clone()

# %% name="ones"
z.grad = None
y.backward(torch.ones_like(z))
with_ones = z.grad.clone()

# %% name="weights"
z.grad = None
y.backward(v)
with_v = z.grad.clone()

# %% name="turned"
z.grad = None
z.flip(0).backward(v)
with_v_flipped = z.grad.clone()

# %% name="answer"
reason = "b"
