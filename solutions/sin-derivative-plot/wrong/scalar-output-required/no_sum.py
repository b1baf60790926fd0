# /// outcome
# failed = ["derivative-pass", "two-curves", "labels", "curves"]
# skipped = ["derivative"]
# diagnosis = "scalar-output-required"
# ///

# %% name="derivative"
y = torch.sin(x)
y.backward()
derivative = x.grad

# %% name="plot"
plt.plot(x.detach(), y.detach(), label="sin x")
plt.plot(x.detach(), x.grad.numpy(), label="derivative")
plt.xlabel("x")
plt.ylabel("y")
plt.legend()

# %% name="why"
all_at_once = "c"
