# /// outcome
# failed = ["curves"]
# missing = ["derivative-pass"]
# skipped = ["derivative"]
# ///

# %% name="derivative"
import numpy as np

y = torch.sin(x)
derivative = np.gradient(y.detach().numpy(), x.detach().numpy())

# %% name="plot"
plt.plot(x.detach(), y.detach(), label="sin x")
plt.plot(x.detach(), derivative, label="derivative")
plt.xlabel("x")
plt.ylabel("y")
plt.legend()
plt.show()

# %% name="why"
all_at_once = "c"
