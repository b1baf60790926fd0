# /// outcome
# failed = ["derivative-pass", "two-curves", "labels", "curves"]
# skipped = ["derivative"]
# diagnosis = "detached-early"
# ///

# %% name="derivative"
y = torch.sin(x.detach())
y.sum().backward()
derivative = x.grad

# %% name="plot"
plt.plot(x.detach(), y, label="sin x")
plt.plot(x.detach(), x.grad.numpy(), label="derivative")
plt.xlabel("x")
plt.ylabel("y")
plt.legend()

# %% name="why"
all_at_once = "c"
