# /// outcome
# failed = ["derivative", "curves"]
# diagnosis = "accumulated-gradient"
# ///

# %% name="derivative"
y = torch.sin(x)
y.sum().backward()
print(x.grad[:5])

y = torch.sin(x)
y.backward(torch.ones_like(y))
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
