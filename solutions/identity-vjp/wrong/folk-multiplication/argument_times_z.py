# /// outcome
# failed = ["with-v", "with-v-flipped"]
# ///

# %% name="puzzle"
y = z
y.backward(z)
puzzle = z.grad.clone()

# %% name="ones"
z.grad = None
y.backward(torch.ones_like(z))
with_ones = z.grad.clone()

# %% name="weights"
z.grad = None
y.backward(v)
with_v = (z.grad * z).detach()

# %% name="turned"
z.grad = None
z.flip(0).backward(v)
with_v_flipped = (z.grad * z).detach()

# %% name="answer"
reason = "b"
