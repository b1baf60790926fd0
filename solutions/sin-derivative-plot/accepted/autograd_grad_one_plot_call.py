# %% name="derivative"
y = torch.sin(x)
(derivative,) = torch.autograd.grad(y, x, grad_outputs=torch.ones_like(x))

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
