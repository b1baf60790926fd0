# %% name="puzzle"
y = z
y.backward(z)
puzzle = z.grad.clone()

# %% name="ones"
z.grad = None
y.sum().backward()
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
