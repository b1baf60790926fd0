# %% name="derivative"
y = torch.sin(x)
(derivative,) = torch.autograd.grad(y, x, grad_outputs=torch.ones_like(x))

# %% name="plot"
grid = x.detach().numpy()
plt.plot(grid, y.detach().numpy(), grid, derivative.numpy())
plt.legend(["f(x)", "f'(x)"])
plt.gcf().supxlabel("x")
plt.gcf().supylabel("f(x), f'(x)")
plt.savefig("sine.png")
plt.figure()
near = torch.linspace(0, 0.5, 500)
plt.plot(near, torch.sin(near))
plt.plot(near, 1 - near**2 / 2)
plt.close("all")

# %% name="why"
all_at_once = "c"
