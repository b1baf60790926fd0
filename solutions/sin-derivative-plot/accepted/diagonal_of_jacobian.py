# %% name="derivative"
y = torch.sin(x)
derivative = torch.autograd.functional.jacobian(torch.sin, x).diagonal()

# %% name="plot"
plt.plot(x.detach(), y.detach(), label="sin(x)")
plt.plot(x.detach(), derivative, "--", label="slope")
plt.legend()
plt.xlabel("x")
plt.ylabel("value")

# %% name="why"
all_at_once = "c"
