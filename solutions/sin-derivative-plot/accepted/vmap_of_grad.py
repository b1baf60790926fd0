# %% name="derivative"
y = torch.sin(x)
derivative = torch.func.vmap(torch.func.grad(torch.sin))(x.detach())

# %% name="plot"
fig, ax = plt.subplots()
ax.plot(x.detach(), y.detach(), label="sin")
ax.plot(x.detach(), derivative, label="its derivative")
ax.set(xlabel="x", ylabel="y")
ax.legend()

# %% name="why"
all_at_once = "c"
