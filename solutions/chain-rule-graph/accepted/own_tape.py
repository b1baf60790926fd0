# %% name="forward"
a = x**2
b = torch.log(a)
c = torch.sin(x)
d = b * c
e = 1 / x
y = d + e

# %% name="backward"
for node in (a, b, c, d):
    node.retain_grad()
y.sum().backward()
a_gradient = a.grad
b_gradient = b.grad
c_gradient = c.grad
d_gradient = d.grad
x_gradient = x.grad

# %% name="hand"
import math


class Number:
    def __init__(self, value, parents=()):
        self.value, self.parents, self.grad = value, parents, 0.0

    def __add__(self, other):
        return Number(self.value + other.value, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        return Number(self.value * other.value, [(self, other.value), (other, self.value)])

    def step(self, value, slope):
        return Number(value, [(self, slope)])

    def backward(self, received=1.0):
        self.grad += received
        for parent, slope in self.parents:
            parent.backward(received * slope)


def by_hand(x):
    slopes = []
    for t in x.tolist():
        leaf = Number(t)
        a = leaf * leaf
        b = a.step(math.log(a.value), 1 / a.value)
        c = leaf.step(math.sin(t), math.cos(t))
        (b * c + leaf.step(1 / t, -1 / t**2)).backward()
        slopes.append(leaf.grad)
    return torch.tensor(slopes, dtype=x.dtype)

# %% name="question"
why_sum = "b"
