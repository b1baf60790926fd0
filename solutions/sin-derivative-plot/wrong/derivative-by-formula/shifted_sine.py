# /// outcome
# failed = ["curves"]
# missing = ["derivative-pass"]
# skipped = ["derivative"]
# diagnosis = "derivative-by-formula"
# ///

# %% name="derivative"
y = torch.sin(x)
derivative = torch.sin(x.detach().double() + math.pi / 2)

# %% name="plot"
plt.plot(x.detach(), y.detach(), label="sin x")
plt.plot(x.detach(), derivative, label="derivative")
plt.xlabel("x")
plt.ylabel("y")
plt.legend()
plt.show()

# %% name="why"
all_at_once = "c"
