# %%
import numpy as np


def draw(xs, curves, labels):
    ax = plt.gca()
    for curve, label in zip(curves, labels):
        ax.plot(xs, curve, label=label)
    ax.set_xlabel("x")
    ax.set_ylabel("f(x)")
    ax.legend()

# %% name="derivative"
x = torch.linspace(0, 2 * np.pi, 200)
x.requires_grad_(True)
out = torch.sin(x)
out.sum().backward()
y = np.sin(x.detach().numpy())
derivative = x.grad.numpy()

# %% name="plot"
draw(x.detach().numpy(), [y, derivative], ["sin(x)", "from autograd"])

# %% name="why"
all_at_once = "c"
