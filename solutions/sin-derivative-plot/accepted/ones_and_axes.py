# %% name="derivative"
y = x.sin()
y.backward(torch.ones_like(y))
derivative = x.grad.clone()

# %% name="plot"
xs = x.detach().numpy()
fig, ax = plt.subplots(figsize=(6, 3))
ax.plot(xs, y.detach().numpy(), "b-", label="$\\sin x$")
ax.plot(xs, derivative.numpy(), "r--", label="$d\\sin x/dx$")
ax.set(xlabel="x", ylabel="value", title="sine")
ax.grid(True)
ax.legend(loc="upper right")

# %% name="why"
all_at_once = "c"
