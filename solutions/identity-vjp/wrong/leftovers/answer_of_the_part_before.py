# /// outcome
# missing = ["turned-pass"]
# skipped = ["with-v-flipped"]
# ///

# %% name="puzzle"
y = 1 * z
(puzzle,) = torch.autograd.grad(y, z, z.detach(), retain_graph=True)

# %% name="ones"
with_ones = torch.autograd.grad(y, z, torch.ones(5), retain_graph=True)[0]

# %% name="weights"
with_v = torch.autograd.grad(y, z, grad_outputs=v)[0]

# %% name="turned"
turned = z.flip(0)
with_v_flipped = with_v.clone()

# %% name="answer"
reason = "b"
