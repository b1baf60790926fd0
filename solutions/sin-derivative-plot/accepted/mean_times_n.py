# %% name="derivative"
y = x.sin()
y.mean().backward()
derivative = x.grad * len(x)

# %% name="plot"
plt.plot(x.detach(), y.detach(), label="sin(x)")
plt.plot(x.detach(), derivative, "--", label="slope")
plt.legend()
plt.xlabel("x")
plt.ylabel("value")

# %% name="why"
all_at_once = "c"
