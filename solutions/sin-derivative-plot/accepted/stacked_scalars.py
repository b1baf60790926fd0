# %% name="derivative"
y = torch.stack([torch.sin(point) for point in x])
for value in y:
    value.backward(retain_graph=True)
derivative = x.grad

# %% name="plot"
grid = x.detach().numpy()
plt.plot(grid, y.detach().numpy(), grid, derivative.numpy())
plt.legend(["f(x)", "f'(x)"])
plt.xlabel("x")
plt.ylabel("f(x), f'(x)")
plt.savefig("sine.png")
plt.close()

# %% name="why"
all_at_once = "c"
