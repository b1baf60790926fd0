# /// outcome
# failed = ["two-curves", "labels", "curves"]
# diagnosis = "numpy-on-grad"
# ///

# %% name="derivative"
y = torch.sin(x)
y.sum().backward()
derivative = x.grad

# %% name="plot"
plt.plot(x.detach().numpy(), derivative.numpy(), label="derivative")
plt.plot(x.detach().numpy(), y.numpy(), label="sin x")
plt.xlabel("x")
plt.ylabel("y")
plt.legend()

# %% name="why"
all_at_once = "c"
