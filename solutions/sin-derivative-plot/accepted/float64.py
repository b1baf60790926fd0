# %% name="derivative"
t = x.detach().double().requires_grad_()
y = torch.sin(t)
y.sum().backward()
derivative = t.grad.numpy()

# %% name="plot"
t = t.detach().numpy()
fig, (left, right) = plt.subplots(1, 2, sharey=True)
left.plot(t, y.detach().numpy(), label="sin")
right.plot(t, derivative, ".", label="derivative of sin")
for ax in (left, right):
    ax.set_xlabel("x")
    ax.set_ylabel("y")
    ax.legend()
plt.show()

# %% name="why"
all_at_once = "c"
