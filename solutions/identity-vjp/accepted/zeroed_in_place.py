# %% name="puzzle"
y = z.clone()
y.backward(gradient=z.clone().detach(), retain_graph=True)
puzzle = z.grad.tolist()

# %% name="ones"
z.grad.zero_()
y.sum().backward(retain_graph=True)
with_ones = z.grad.numpy().copy()

# %% name="weights"
z.grad.zero_()
y.backward(v)
with_v = z.grad.detach().clone()

# %% name="turned"
z.grad.zero_()
turned = z.flip(dims=(0,))
turned.backward(v)
with_v_flipped = z.grad

# %% name="answer"
reason = "b"
