# /// outcome
# failed = ["derivative", "curves"]
# diagnosis = "mean-for-sum"
# ///

# %% name="derivative"
y = torch.sin(x)
y.mean().backward()
derivative = x.grad

# %% name="plot"
plt.plot(x.detach(), y.detach(), label="sin x")
plt.plot(x.detach(), derivative, label="derivative")
plt.xlabel("x")
plt.ylabel("y")
plt.legend()
plt.show()

# %% name="why"
all_at_once = "c"
