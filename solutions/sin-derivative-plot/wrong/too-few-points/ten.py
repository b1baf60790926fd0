# /// outcome
# failed = ["range", "curves"]
# ///

# %% name="derivative"
y = torch.sin(x)
y.sum().backward()
derivative = x.grad

# %% name="plot"
plt.plot(x.detach()[::20], y.detach()[::20], label="sin x")
plt.plot(x.detach()[::20], derivative[::20], label="derivative")
plt.xlabel("x")
plt.ylabel("y")
plt.legend()

# %% name="why"
all_at_once = "c"
