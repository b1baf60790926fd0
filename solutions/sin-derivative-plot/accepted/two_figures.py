# %% name="derivative"
y = torch.sin(x)
y.sum().backward()
derivative = x.grad

# %% name="plot"
points = x.detach().numpy()
for values, label in ((y.detach(), "sin"), (derivative, "sin'")):
    plt.figure()
    plt.plot(points, values, label=label)
    plt.xlabel("x")
    plt.ylabel(label)
    plt.legend()
    plt.show()

# %% name="why"
all_at_once = "c"
