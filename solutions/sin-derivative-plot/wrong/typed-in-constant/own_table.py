# /// outcome
# failed = ["derivative", "curves"]
# ///

# %% name="derivative"
y = torch.sin(x)
y.sum().backward()
derivative = torch.linspace(0.5 * math.pi, 2.5 * math.pi, 200, dtype=torch.float64).sin().float()

# %% name="plot"
plt.plot(x.detach(), y.detach(), label="sin x")
plt.plot(x.detach(), derivative, label="derivative")
plt.xlabel("x")
plt.ylabel("y")
plt.legend()
plt.show()

# %% name="why"
all_at_once = "c"
