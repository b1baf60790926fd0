# /// outcome
# failed = ["a-steps", "a-gradient", "b-gradient", "c-gradient"]
# diagnosis = "typed-in-constant"
# ///

# %% name="passes"
y = 3 * a + 2 * b**2 + torch.log(c)
for weight in v:
    y.backward(weight, retain_graph=True)
a_steps = [0.3, 3.3, 3.3003]

# %% name="result"
a_gradient, b_gradient, c_gradient = 3.3003, 4.4004, 1.1001

# %% name="batches"
def batch_gradient(w, x):
    leaf = w.detach().clone().requires_grad_()
    for row in x:
        (torch.dot(row, leaf) ** 2 / len(x)).backward()
    return leaf.grad

# %% name="question"
same_as = "c"
