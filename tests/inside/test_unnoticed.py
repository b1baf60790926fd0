"""What a student's code must not notice: the same cells with and without the probe say the same."""

import re
import subprocess
import sys
import textwrap

import pytest

PREAMBLE = "import torch, traceback, warnings\nx = torch.ones(2, requires_grad=True)\n"

CELLS = {
    "twice": "y = (x * x).sum(); y.backward(); y.backward()",
    "scalar": "(x * 2).backward()",
    "shape": "(x * 2).backward(torch.ones(3))",
    "type": "(x * 2).backward('1')",
    "no graph": "torch.ones(2).sum().backward()",
    "unused": "torch.autograd.grad((x * 2).sum(), torch.ones(1, requires_grad=True))",
    "caught": "try: (x * 2).backward()\nexcept RuntimeError: traceback.print_exc()",
    "caught twice": "y = (x * x).sum(); y.backward()\n"
    "try: y.backward()\nexcept RuntimeError: traceback.print_exc()",
    "chained": "try: (x * 2).backward()\nexcept RuntimeError as e: raise ValueError from e",
    "context": "try: 1/0\nexcept ZeroDivisionError: (x * 2).backward()",
    "hook raises": "def h(g): raise KeyError('mine')\nx.register_hook(h); (x * x).sum().backward()",
    "custom": "class F(torch.autograd.Function):\n"
    "    @staticmethod\n    def forward(ctx, a): return a * 2\n"
    "    @staticmethod\n    def backward(ctx, g): raise IndexError\n"
    "F.apply(x).sum().backward()",
    "batched": "torch.autograd.grad(x*2, x, torch.ones(3, 3), is_grads_batched=True)",
    "anomaly": "with torch.autograd.detect_anomaly(check_nan=False):\n"
    "    y = (x * x).sum(); y.backward(); y.backward()",
    "format": "try: (x * 2).backward()\n"
    "except RuntimeError as e: print(''.join(traceback.format_exception(e, capture_locals=True))"
    " if False else traceback.format_exc(), e.__traceback__.tb_next.tb_frame.f_locals.keys())",
    "inspect": "import inspect\n"
    "for f in (torch.autograd.graph._engine_run_backward, torch.autograd._make_grads):\n"
    "    print(inspect.getsource(f), inspect.signature(f), f, f.__doc__, f.__closure__)\n"
    "print(dir(torch.autograd), dir(torch.autograd.graph))",
    "figure": "import matplotlib.pyplot as plt\nplt.figure(bad=1)",
    "figure callback": "import matplotlib.pyplot as plt\nf = plt.figure()\n"
    "def cb(e): raise ValueError\nprint(f.canvas.mpl_connect('draw_event', cb))\nf.canvas.draw()",
    "warn": "warnings.warn('a'); x.sum().backward(create_graph=True); (x*2).grad",
    "warn error": "warnings.simplefilter('error'); (x*2).grad",
    "swap": "a, b = torch.ones(2), torch.zeros(2); (a.requires_grad_() * 2).sum().backward(); "
    "a = a.detach().clone(); torch.utils.swap_tensors(a, b); print(a, b)",
    "gc": "import gc, weakref\ny = x * 2; r = weakref.ref(y); y.sum().backward()\n"
    "del y; print(r(), weakref.getweakrefcount(x), x._version, x._backward_hooks, vars(x))",
}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    from conftest import Kernel

    kernels = [Kernel(tmp_path_factory.mktemp("k"), probed=probed) for probed in (True, False)]
    yield kernels
    for kernel in kernels:
        kernel.close()


@pytest.mark.parametrize("name", CELLS)
def test_what_is_said_is_the_same(both, name):
    said = []
    for kernel in both:
        kernel.execute("%reset -f")
        kernel.execute(PREAMBLE)
        pid = str(kernel.process.pid)
        text = kernel.text(CELLS[name]).replace(f"ipykernel_{pid}", "ipykernel_PID")
        said.append(comparable(text))
        kernel.execute("warnings.resetwarnings(); warnings.simplefilter('default')")
    assert said[0] == said[1]
    assert said[0]


def comparable(text: str) -> str:
    """Without colours, addresses and the frames that started the kernel, as a whole stack has."""
    start = (
        r'  File "(<frozen runpy>|[^"]*/inside/launch.py)"(.|\n)*?(?=  File "[^"]*/kernelapp.py")'
    )
    plain = re.sub(r"\x1b\[[0-9;]*m", "", re.sub(start, "", text))
    return re.sub(r"0x[0-9a-f]+", "0x", plain)


def test_a_bare_scripts_tracebacks_are_the_same():
    script = "{}\nimport torch\nx = torch.ones(2, requires_grad=True)\n"
    script += "y = (x * x).sum()\ny.backward()\ny.backward()"
    probe = "from grader.inside.probe import Probe; Probe(None).install()"
    said = []
    for first in (probe, "pass"):
        command = [sys.executable, "-c", script.format(first)]
        said.append(subprocess.run(command, capture_output=True, text=True, check=False).stderr)
    assert said[0] == said[1]
    assert "a second time" in said[0]


def test_random_numbers_go_on_as_without_snapshots(both):
    source = (
        "import random, torch, numpy as np\nprint(torch.rand(2), random.random(), np.random.rand())"
    )
    for kernel in both:
        kernel.execute(
            "import random, numpy, torch\n"
            "torch.manual_seed(1); random.seed(1); numpy.random.seed(1)"
        )
        kernel.execute("y = (torch.ones(2, requires_grad=True) * 2).sum(); y.backward()")
    said = [kernel.text(source) for kernel in both]
    assert said[0] == said[1]
    assert "Error" not in said[0]


def test_a_tensor_stays_as_it_was(both):
    source = textwrap.dedent("""
        import torch
        a = torch.arange(6.).reshape(2, 3); v = a[:, 1:]; c = torch.tensor([1j]).conj()
        e = torch.ones(1).expand(5)
    """)
    look = textwrap.dedent("""
        print(a._version, v._version, c.is_conj(), e.stride(), v.is_contiguous(), vars(a))
        a.resize_(3, 3); print(a.shape)
    """)
    said = []
    for kernel in both:
        kernel.execute(source)
        kernel.execute("pass")
        said.append(kernel.text(look))
    assert said[0] == said[1]
    assert "torch.Size([3, 3])" in said[0]


def test_pictures_are_the_same(both):
    source = (
        "import matplotlib.pyplot as plt\nplt.bar([1, 2], [3, 4], label='a'); plt.legend()\n"
        "plt.show()\n"
        "fig, ax = plt.subplots(); ax.imshow([[1, 2]])"
    )
    pictures = []
    for kernel in both:
        _, outputs = kernel.execute(source)
        pictures.append(
            [o["data"]["image/png"] for o in outputs if "image/png" in o.get("data", {})]
        )
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) == 2


def test_modes_of_the_students_see_none_of_it(both):
    source = textwrap.dedent("""
        from torch.utils._python_dispatch import TorchDispatchMode
        from torch.overrides import TorchFunctionMode
        class Count(TorchDispatchMode):
            seen = []
            def __torch_dispatch__(self, f, t, a=(), k=None):
                self.seen.append(str(f)); return f(*a, **(k or {}))
        class Calls(TorchFunctionMode):
            seen = []
            def __torch_function__(self, f, t, a=(), k=None):
                self.seen.append(getattr(f, '__name__', str(f))); return f(*a, **(k or {}))
        x = torch.ones(2, 2, requires_grad=True)
        with Count() as c:
            (x.t() * x.half()).sum().backward()
        with Calls() as d:
            (x.t() * x.half()).sum().backward()
        print(c.seen, d.seen)
    """)
    said = [kernel.text(source) for kernel in both]
    assert said[0] == said[1]
