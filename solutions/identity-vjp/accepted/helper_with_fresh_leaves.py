# %%
def back(function, argument):
    leaf = z.detach().clone().requires_grad_(True)
    function(leaf).backward(argument.detach())
    return leaf.grad

# %% name="puzzle"
y = z
puzzle = back(lambda t: t, z)

# %% name="ones"
with_ones = back(lambda t: t, torch.ones(5))

# %% name="weights"
with_v = back(lambda t: t, v)

# %% name="turned"
with_v_flipped = back(lambda t: t[[4, 3, 2, 1, 0]], v)

# %% name="answer"
reason = "b"
