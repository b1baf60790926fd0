# %% name="derivative"
y = []
derivative = []
for value in x.tolist():
    point = torch.tensor(value, requires_grad=True)
    out = torch.sin(point)
    out.backward()
    y.append(out.item())
    derivative.append(point.grad.item())

# %% name="plot"
plt.plot(x.tolist(), y, label="sine")
plt.plot(x.tolist(), derivative, label="slope")
plt.xlabel("x")
plt.ylabel("y")
plt.legend()

# %% name="why"
all_at_once = "c"
