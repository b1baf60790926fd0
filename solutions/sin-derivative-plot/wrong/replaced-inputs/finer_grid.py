# /// outcome
# failed = ["y-shape", "y", "derivative"]
# ///

# %% name="derivative"
x = torch.linspace(0, 2 * math.pi, 1000, requires_grad=True)
y = torch.sin(x)
loss = torch.dot(y, torch.ones(1000))
loss.backward()
derivative = x.grad

# %% name="plot"
with torch.no_grad():
    plt.plot(x.numpy(), y.numpy())
    plt.plot(x.numpy(), derivative.numpy())
    plt.axhline(0, color="gray")
    plt.legend(("y", "dy/dx"))
    plt.xlabel("x")
    plt.ylabel("y")

# %% name="why"
all_at_once = "c"
