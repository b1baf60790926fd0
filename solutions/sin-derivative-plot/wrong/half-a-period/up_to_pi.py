# /// outcome
# failed = ["range"]
# ///

# %% name="derivative"
y = torch.sin(x)
y.sum().backward()
derivative = x.grad

# %% name="plot"
t = torch.linspace(0, math.pi, 150, requires_grad=True)
s = t.sin()
s.sum().backward()
plt.plot(t.detach(), s.detach(), label="sin x")
plt.plot(t.detach(), t.grad, label="derivative")
plt.xlabel("x")
plt.ylabel("y")
plt.legend()

# %% name="why"
all_at_once = "c"
