# %%
import math

# %% name="residual"
def residual(w, t):
    t = t.detach().requires_grad_()
    y = network(w, t)
    slope = torch.autograd.grad(y, t, grad_outputs=torch.ones_like(y), create_graph=True)[0]
    return slope + y

# %% name="train"
w = (0.5 * torch.randn(24)).requires_grad_()
optimizer = torch.optim.Adam([w], lr=0.02)
for step in range(600):
    optimizer.zero_grad()
    points = 2 * torch.sigmoid(1.5 * torch.randn(32))
    loss = torch.pow(residual(w, points), 2).mean()
    loss.backward()
    optimizer.step()
    optimizer.param_groups[0]["lr"] = 0.02 * math.pow(0.998, step)
trained = w.detach().clone()

# %% name="question"
why_graph = "b"
