# /// outcome
# failed = ["no-cos", "curves"]
# skipped = ["derivative"]
# diagnosis = "derivative-by-formula"
# ///

# %% name="derivative"
from numpy import cos as slope_of_sine

y = torch.sin(x)
y.sum().backward()
derivative = slope_of_sine(x.detach().numpy().astype("float64"))

# %% name="plot"
plt.plot(x.detach(), y.detach(), label="sin x")
plt.plot(x.detach(), derivative, label="derivative")
plt.xlabel("x")
plt.ylabel("y")
plt.legend()

# %% name="why"
all_at_once = "c"
