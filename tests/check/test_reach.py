"""What counts of the cells where a function may not use something."""

import pytest

from grader.model.exercise import SourceCheck
from tests.check.builders import capture, exercise, graded, submission

CHECK = SourceCheck(
    id="s",
    cells=("answer",),
    function="slope",
    forbid=("Tensor.backward", "torch.autograd", "torch.cumprod"),
)
PLAIN = "def slope(x):\n    return 2 * x\n"


def status(*sources, names=("inputs", "first", "answer")):
    ex = exercise(CHECK, cells=("inputs", "first", "answer"))
    return graded(ex, submission("import torch", *sources, names=names), capture())["s"].status


@pytest.mark.parametrize(
    "source",
    [
        PLAIN + "y = x * x\ny.sum().backward()\nassert torch.equal(slope(x), x.grad)",
        PLAIN + "g = torch.autograd.grad((x * x).sum(), x)[0]\nprint(slope(x) - g)",
        "def slope(x):\n    g = 2 * x\n    return g\ng, = torch.autograd.grad(y, x)",
        PLAIN + "for t in points:\n    f(t).backward()\n    print(t.grad, slope(t))",
        PLAIN + "torch.testing.assert_close(slope(x), torch.autograd.grad(y, x)[0])",
        PLAIN + "def test():\n    return torch.autograd.grad(y, x)[0] - slope(x)\ntest()",
        "def slope(x):\n    return torch.autograd.grad(f(x), x)[0]\n" + PLAIN,
        "slope = lambda g: 2 * g\ng = torch.autograd.grad(y, x)",
        "def slope(x):\n    def g():\n        return 2 * x\n    return g()\n"
        "g = torch.autograd.grad(y, x)",
        "class Value:\n    def backward(self):\n        self.parent.backward()\n"
        "def slope(x):\n    Value(x).backward()\n    return x",
        "class Node:\n    def backward(self): ...\nclass Value(Node): ...\n"
        "slope = lambda x: Value(x).backward()",
        "class Log(torch.nn.Module):\n    def backward(self, g):\n        return g / self.a\n"
        "def slope(x):\n    return Log().backward(x)",
        "class Rule(ABC):\n    def backward(self, g): ...\n"
        "class Log(Rule, Generic[T], metaclass=ABCMeta):\n    pass\n"
        "slope = lambda x: Log().backward(x)",
        "Op = namedtuple('Op', ['forward', 'backward'])\nop = Op(f, g)\n"
        "def slope(x):\n    return op.backward(x)",
        "Op = collections.namedtuple('Op', 'forward, backward')\nop = Op(f, g)\n"
        "def slope(x):\n    return op.backward(x)",
        "@dataclass\nclass Op:\n    backward: Callable\nop = Op(g)\n"
        "def slope(x):\n    return op.backward(x)",
    ],
)
def test_what_tries_the_function_out_is_no_part_of_it(source):
    assert status("y = 1", source) == "passed"


@pytest.mark.parametrize(
    "source",
    [
        "def slope(x):\n    x.sum().backward()\n    return x.grad",
        "c = torch.cumprod\ndef slope(x):\n    return c(x, 0)",
        "slope = torch.cumprod",
        "from torch.autograd import grad\nslope = lambda x: grad(f(x), x)[0]",
        "def helper(x):\n    x.sum().backward()\n    return x.grad\n"
        "def slope(x):\n    return helper(x)",
        "h = torch.vmap(torch.autograd.grad)\nslope = h",
        "with torch.enable_grad():\n    h = partial(torch.cumprod, dim=0)\n"
        "def slope(x):\n    return h(x)",
        "known = {}\nknown['h'] = torch.cumprod\ndef slope(x):\n    return known['h'](x)",
        "known = []\nknown.append(torch.cumprod)\nslope = lambda x: known[0](x)",
        "if True:\n    def slope(x):\n        return torch.cumprod(x, 0)\nelse:\n    "
        + PLAIN[:-1].replace("\n", "\n    "),
        "try:\n    from functorch import grad as h\nexcept ImportError:\n"
        "    h = lambda f: torch.autograd.grad\ndef slope(x):\n    return h(f)(x)",
        "class Square(torch.autograd.Function):\n    def backward(ctx, g): ...\n"
        "def slope(x):\n    return Square.apply(x)",
        "class Square(torch.autograd.Function):\n    def backward(ctx, g): ...\n"
        "class Own(Square):\n    def backward(ctx, g): ...\n"
        "def slope(x):\n    y = Own.apply(x)\n    y.backward()\n    return x.grad",
        "class Own(torch.Tensor):\n    def backward(self): ...\n"
        "def slope(x):\n    Own(x).backward()\n    return x.grad",
        "Op = namedtuple('Op', 'forward')\n"
        "def slope(x):\n    Op(x).forward.backward()\n    return x.grad",
        "@decorate(torch.cumprod)\n" + PLAIN,
        PLAIN + "slope = jit(lambda x: torch.cumprod(x, 0))",
        "globals()['slope'] = lambda x: torch.cumprod(x, 0)",
        "def g(x):\n    return torch.cumprod(x, 0)\ndef slope(x, g=g):\n    return g(x)",
        "def g(x):\n    return torch.cumprod(x, 0)\nslope = lambda x, *, g=g: g(x)",
    ],
)
def test_what_the_function_hangs_on_counts(source):
    assert status("y = 1", source) == "failed"


def test_a_helper_of_another_cell_counts_unless_there_is_one_beside_the_function():
    helper = "def helper(x):\n    x.sum().backward()\n    return x.grad\n"
    slope = "def slope(x):\n    return helper(x)\n"
    assert status(helper, slope) == "failed"
    assert status(helper, slope + "helper = lambda x: 2 * x") == "passed"
    assert status(helper + "helper(x)", PLAIN) == "passed"


def test_an_extra_cell_behind_it_may_hold_the_function_or_try_it_out():
    names = ("inputs", "answer", None)
    tried = PLAIN + "print(slope(x))"
    passed = "y.backward()\nprint(x.grad - slope(x))"
    assert status(tried, passed, names=names) == "passed"
    assert status("y = 1", "slope = torch.cumprod", names=names) == "failed"


def test_a_chain_of_many_branches_is_read_as_a_short_one_is():
    chain = "if n == 0:\n    pass\n" + "".join(f"elif n == {i}:\n    pass\n" for i in range(2000))
    assert status("y = 1", chain + PLAIN) == "passed"
    assert status("y = 1", chain + "else:\n    slope = torch.cumprod") == "failed"
