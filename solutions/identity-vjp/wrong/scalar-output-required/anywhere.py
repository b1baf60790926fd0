# /// outcome
# failed = ["puzzle-pass", "weights-pass", "turned-pass", "argument"]
# skipped = ["puzzle", "with-v", "with-v-flipped", "first-kept"]
# ///

# %% name="puzzle"
y = z
y.backward()
puzzle = z.grad

# %% name="ones"
z.grad = None
y.backward(torch.ones_like(z))
with_ones = z.grad.clone()

# %% name="weights"
z.grad = None
y.backward()
with_v = z.grad

# %% name="turned"
z.grad = None
z.flip(0).backward()
with_v_flipped = z.grad

# %% name="answer"
reason = "b"
