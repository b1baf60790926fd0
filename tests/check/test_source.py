from dataclasses import replace

import pytest

from grader.check.syntax import parse
from grader.model.exercise import SourceCheck, TemplateCell
from tests.check.builders import capture, exercise, graded, submission

NO_COS = SourceCheck(
    id="s",
    cells=("answer",),
    forbid=("torch.cos", "numpy.cos", "math.cos", "Tensor.cos", "sympy"),
)
SIN = SourceCheck(id="s", require=("torch.sin", "Tensor.backward"))


def finding(source, spec=NO_COS, before="import torch\nimport numpy as np"):
    return graded(exercise(spec), submission(before, source), capture())["s"]


@pytest.mark.parametrize(
    "source",
    [
        "y = torch.cos(x)",
        "import torch as t\ny = t.cos(x)",
        "from torch import cos as c\ny = c(x)",
        "from torch import *\ny = cos(x)",
        "c = torch.cos\ny = c(x)",
        "a, c = 1, torch.cos\ny = c(x)",
        "(c := torch.cos)(x)",
        "y = getattr(torch, 'cos')(x)",
        "y = __import__('torch').cos(x)",
        "y = x.cos()",
        "y = x.cos_()",
        "y = torch.Tensor.cos(x)",
        "y = torch.linspace(0, 1, 5).cos()",
        "y = list(map(np.cos, range(3)))",
        "import math\ndef f(x):\n    return [math.cos(t) for t in x]",
        "import sympy",
        "from sympy import diff",
        "%matplotlib inline\n!pip install x\ny = torch.cos(x)",
        "%%time\ny = torch.cos(x)",
        "files = !ls\ny = torch.cos(x)",
        "torch.cos?\ny = torch.cos(x)",
        "await f()\nif True:\n    %time g()\ny = torch.cos(x)",
        "s = '''\n% d\n'''\ny = torch.cos(x)",
    ],
)
def test_a_forbidden_name_is_seen_through_its_aliases(source):
    found = finding(source)
    assert (found.status, found.message.id) == ("failed", "check.source.forbidden")
    assert "cos" in source.splitlines()[found.line - 1] or "sympy" in source


@pytest.mark.parametrize(
    "source",
    [
        "from functorch import jacrev as j\ny = j(f)(x)",
        "import functorch as ft\ny = ft.jacrev(f)(x)",
    ],
)
def test_an_old_name_of_a_package_is_the_package(source):
    spec = SourceCheck(id="s", cells=("answer",), forbid=("torch.func.jacrev",))
    found = finding(source, spec)
    assert (found.status, found.message.params["name"]) == ("failed", "torch.func.jacrev")
    assert finding(source.replace("jacrev", "jacfwd"), spec).status == "passed"


def test_aliases_carry_over_from_cell_to_cell():
    assert finding("y = c(x)", before="from torch import cos as c").status == "failed"


@pytest.mark.parametrize(
    "source",
    [
        "y = torch.sin(x)",
        "# torch.cos",
        "y = 'torch.cos(x)'",
        "cos = x.grad\nplt.plot(cos)",
        "y = torch.cosh(x)",
        "torch = thing()\ny = torch.sin(x)",
        "print(torch.\n  sin(x)\n  % 3)",
    ],
)
def test_what_only_looks_like_it_is_allowed(source):
    if not source.startswith("#"):
        assert finding(source).status == "passed"


HELPERS = "def clear(o):\n    o.zero_grad()\ndef other(o):\n    clear(o)"


@pytest.mark.parametrize(
    ("helpers", "answer", "status"),
    [
        (HELPERS, "clear(o)\ngradient = a.grad", "passed"),
        (HELPERS, "other(o)\ngradient = a.grad", "passed"),
        (HELPERS, "gradient = a.grad", "failed"),
        ("o.zero_grad()\ndef clear(o):\n    pass", "clear(o)\ngradient = a.grad", "failed"),
        (HELPERS, "def clear(o):\n    o.grad = None\nclear(a)", "failed"),
        (HELPERS + "\ndef clear(o):\n    o.grad = None", "clear(a)", "failed"),
        ("class O:\n    def clear(self):\n        o.zero_grad()", "O().clear()", "passed"),
    ],
    ids=[
        "called",
        "through another",
        "not called",
        "beside it",
        "written anew",
        "replaced",
        "a class",
    ],
)
def test_what_is_required_may_stand_in_a_function_of_another_cell(helpers, answer, status):
    spec = SourceCheck(id="s", cells=("answer",), require=("Tensor.zero_grad",))
    handed_in = submission("import torch", helpers, answer, names=("inputs", None, "answer"))
    assert graded(exercise(spec), handed_in, capture())["s"].status == status
    given = replace(handed_in.cells[1], locked=True)
    theirs = replace(handed_in, cells=(handed_in.cells[0], given, handed_in.cells[2]))
    assert graded(exercise(spec), theirs, capture())["s"].status == "failed"


def test_what_is_required_must_be_used_and_not_only_imported():
    right = "y = torch.sin(x)\ny.backward()"
    assert finding(right, SIN).status == "passed"
    found = finding("from torch import sin\ny.backward()", SIN)
    assert (found.status, found.message.params) == ("failed", {"name": "torch.sin"})


@pytest.mark.parametrize(
    "source", ["", "# nothing yet", "...", "y = None\nz = ...", "def f(x):\n    'Say.'\n    pass"]
)
def test_an_empty_answer_earns_nothing_although_it_calls_nothing(source):
    assert finding(source).status == "missing"


def test_the_starter_as_it_was_handed_out_earns_nothing():
    cells = tuple(TemplateCell(name=n, source="y = torch.zeros(3)") for n in ("inputs", "answer"))
    ex = replace(exercise(NO_COS), cells=cells)
    found = graded(ex, submission("", "y = torch.zeros(3)\n"), capture())["s"]
    assert found.status == "missing"


@pytest.mark.parametrize(
    "source",
    ["y = = 3", "\0", "%%bash\necho torch.cos", "(" * 500, "x = " + "-" * 200_000 + "1"],
)
def test_what_is_not_python_is_no_answer_and_no_crash(source):
    assert finding(source).status == "missing"


def test_a_deep_tree_is_followed_without_recursion():
    source = "y = " + "x." * 2000 + "cos()"
    assert finding(source).status in ("failed", "missing")
    assert parse("y = 1") is not None


def test_a_notebook_with_names_of_its_own_has_no_named_cells():
    found = graded(exercise(NO_COS), submission("y = 1", own_names=True), capture())["s"]
    assert found.status == "missing"


def test_an_unreadable_cell_beside_a_readable_one_is_told_of():
    names = ["inputs", "answer", None]
    handed_in = submission("import torch", "y = torch.sin(x)", "y = = 3", names=names)
    found = graded(exercise(NO_COS), handed_in, capture())["s"]
    assert (found.status, found.message.params) == ("passed", {"cells": 1})
