# %% name="scalar"
s = scalar.detach().double().requires_grad_()
f(s).backward()
scalar_gradient = s.grad

# %% name="vector"
v64 = torch.tensor(vector.tolist(), dtype=torch.float64, requires_grad=True)
out = f(v64)
torch.dot(out, torch.ones(3, dtype=torch.float64)).backward()
vector_gradient = v64.grad

# %% name="matrix"
m = matrix.detach().to(torch.float64)
m.requires_grad = True
out = f(m)
(out.mean() * out.numel()).backward()
matrix_gradient = m.grad

# %% name="slope"
def slope(a):
    a = a.detach().clone().requires_grad_()
    f(a).sum().backward()
    return a.grad

# %% name="questions"
complaint = "b"
same_number = "a"
