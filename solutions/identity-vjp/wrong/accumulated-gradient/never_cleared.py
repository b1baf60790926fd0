# /// outcome
# failed = ["with-ones", "with-v", "with-v-flipped"]
# ///

# %% name="puzzle"
y = z
y.backward(z)
puzzle = z.grad.clone()

# %% name="ones"
y.backward(torch.ones_like(z))
with_ones = z.grad.clone()

# %% name="weights"
y.backward(v)
with_v = z.grad.clone()

# %% name="turned"
z.flip(0).backward(v)
with_v_flipped = z.grad.clone()

# %% name="answer"
reason = "b"
