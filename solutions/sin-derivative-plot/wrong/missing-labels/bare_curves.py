# /// outcome
# failed = ["labels"]
# ///

# %% name="derivative"
y = torch.sin(x)
y.sum().backward()
derivative = x.grad

# %% name="plot"
plt.plot(x.detach(), y.detach())
plt.plot(x.detach(), derivative)
plt.show()

# %% name="why"
all_at_once = "c"
