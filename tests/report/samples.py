"""A made-up result of four exercises, with everything that a report can show."""

import struct
import zlib
from dataclasses import replace

from grader.model.observation import (
    Axes,
    Capture,
    CellObservation,
    Curve,
    Event,
    Figure,
    Leaf,
    Node,
    Output,
    Raised,
    RunInfo,
)
from grader.model.result import (
    Diagnosis,
    ExerciseResult,
    Finding,
    Result,
    Shown,
    Tolerance,
    Worst,
)
from grader.model.submission import Message, Submission, SubmittedCell
from grader.model.value import array
from grader.report import DiagnosisText


def png(width: int = 320, height: int = 120) -> bytes:
    """A PNG of one wavy line."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            wave = height / 2 + height / 3 * ((x / width * 4) % 2 - 1)
            rows += b"\x2c\x50\xc8" if abs(y - wave) < 2 else b"\xff\xff\xff"

    def chunk(kind: bytes, data: bytes) -> bytes:
        sealed = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", sealed)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(rows)))
        + chunk(b"IEND", b"")
    )


def shown(values, shape, dtype="float32"):
    return Shown("tensor", dtype, shape, tuple(values), len(values))


def finding(check, status="passed", message=None, score=None, max_score=1.0, **more):
    earned = max_score if status == "passed" else 0.0
    return Finding(
        check=check,
        kind=more.pop("kind", "tensor"),
        status=status,
        score=earned if score is None else score,
        max_score=max_score,
        visibility=more.pop("visibility", "public"),
        message=message or Message("check.passed"),
        **more,
    )


TOLERANCE = Tolerance(4.3e-6, 1.8e-7, "elementwise", 1.9e-6, 0.0, 4.3e-6, "float32")

DOT = ExerciseResult(
    "dot-gradient",
    {"en": "The gradient of 2x·x", "zh": "2x·x 的梯度", "ru": "Градиент 2x·x"},
    3.0,
    3.0,
    "passed",
    (
        finding("value", title={"en": "The value of y", "zh": "y 的值", "ru": "Значение y"}),
        finding(
            "gradient", max_score=2.0, title={"en": "The gradient", "zh": "梯度", "ru": "Градиент"}
        ),
    ),
)
TWICE = ExerciseResult(
    "backward-twice",
    {
        "en": "Going backward twice",
        "zh": "两次反向传播",
        "ru": "Два обратных прохода",
    },
    2.0,
    5.0,
    "partial",
    (
        finding(
            "raises",
            max_score=2.0,
            kind="event",
            title={
                "en": "The second pass raises an error",
                "zh": "第二次反向传播报错",
                "ru": "Второй проход вызывает ошибку",
            },
        ),
        finding(
            "second-gradient",
            "failed",
            Message("check.value.differs", {"value": "x.grad"}),
            max_score=2.0,
            title={
                "en": "The gradient after zeroing",
                "zh": "清零后的梯度",
                "ru": "Градиент после обнуления",
            },
            expected=shown([0.0, 4.0, 8.0, 12.0], (4,)),
            actual=shown([0.0, 8.0, 16.0, 24.0], (4,)),
            tolerance=TOLERANCE,
            worst=Worst((3,), 12582912.0),
            cell=3,
            line=4,
        ),
        finding(
            "matrix",
            "skipped",
            Message("check.skipped", {"needs": "second-gradient"}),
            title={"en": "The same for a matrix", "zh": "矩阵情形", "ru": "То же для матрицы"},
            visibility="after_due",
        ),
        finding(
            "hidden-vary",
            "failed",
            Message("check.vary.differs", {"value": "HIDDEN-VALUE"}),
            max_score=2.0,
            visibility="hidden",
            expected=shown([77777.0], ()),
            actual=shown([1.0], ()),
        ),
    ),
    (
        Diagnosis("accumulated-gradient", 0.92, ("second-gradient", "hidden-vary"), {"times": 2}),
        Diagnosis("typed-constant", 0.4, ("hidden-vary",), {"value": "HIDDEN-VALUE"}),
    ),
    for_students={
        stage: (Diagnosis("accumulated-gradient", 0.92, ("second-gradient",), {"times": 2}),)
        for stage in ("public", "after_due")
    },
)
FLOW = ExerciseResult(
    "control-flow-vector",
    {
        "en": "A loop in the graph",
        "zh": "计算图中的循环",
        "ru": "Цикл в графе",
    },
    0.0,
    3.0,
    "failed",
    (
        finding(
            "gradient",
            "missing",
            Message(
                "check.value.after_error",
                {
                    "value": "a.grad",
                    "cell": "vector",
                    "type": "RuntimeError",
                    "text": "grad can be implicitly created only for scalar outputs",
                },
            ),
            max_score=2.0,
            title={"en": "The gradient of d", "zh": "d 的梯度", "ru": "Градиент d"},
            cell=5,
            line=7,
        ),
        finding(
            "ratio",
            "undecidable",
            Message("check.undecidable", {"value": "ratio", "dtype": "float16"}),
            title={"en": "The ratio", "zh": "比值", "ru": "Отношение"},
            expected=shown([[204.8, 1.0], [3.5, 4.25]][0] + [3.5, 4.25], (2, 2), "float16"),
            actual=shown(["nan", 1.0, 3.5, "inf"], (2, 2), "float16"),
        ),
    ),
    (Diagnosis("vector-without-v", 0.97, ("gradient",), {"name": "d"}),),
)
SIN = ExerciseResult(
    "sin-derivative-plot",
    {"en": "sin and its derivative", "zh": "sin 及其导数", "ru": "sin и его производная"},
    1.0,
    2.0,
    "partial",
    (
        finding(
            "curves",
            kind="figure",
            title={"en": "Both curves", "zh": "两条曲线", "ru": "Обе кривые"},
        ),
        finding(
            "no-cos",
            "failed",
            Message("check.source.forbidden", {"name": "torch.cos", "line": 5}),
            kind="source",
            title={"en": "Without calling cos", "zh": "不调用 cos", "ru": "Без вызова cos"},
            cell=6,
            line=5,
        ),
    ),
)
SOURCES = (
    ("dot-gradient", "inputs", True, "import torch\n\nx = torch.arange(4.0, requires_grad=True)"),
    ("dot-gradient", "first-pass", False, "y = 2 * torch.dot(x, x)\ny.backward()\nprint(x.grad)"),
    (
        "backward-twice",
        "retain",
        False,
        "y = 2 * torch.dot(x, x)\ny.backward(retain_graph=True)\ntry:\n    z.backward()\n"
        "except NameError as error:\n    print(error)",
    ),
    (
        "backward-twice",
        "zeroed",
        False,
        "# twice, and then once more\ny = 2 * torch.dot(x, x)\ny.backward(retain_graph=True)\n"
        "y.backward()\nprint(x.grad)",
    ),
    (
        "control-flow-vector",
        "function",
        False,
        'def f(a):\n    """Doubles until the norm is large."""\n    b = a * 2\n'
        "    while b.norm() < 1000:\n        b = b * 2\n"
        "    return b if b.sum() > 0 else 100 * b",
    ),
    (
        "control-flow-vector",
        "vector",
        False,
        "torch.manual_seed(0)\na = torch.randn(3, requires_grad=True)\nd = f(a)\n"
        "assert isinstance(d, torch.Tensor)\nlabel = f'{len(a)} elements'\n# now backward\n"
        "d.backward()",
    ),
    (
        "sin-derivative-plot",
        "plot",
        False,
        "import matplotlib.pyplot as plt\n\nt = torch.linspace(0, 2 * torch.pi, 200)\n"
        'plt.plot(t, torch.sin(t), label="sin x")\nplt.plot(t, torch.cos(t), label="derivative")\n'
        "plt.legend()",
    ),
)
SUBMISSION = Submission(
    tuple(
        SubmittedCell(index, "code", source, exercise=exercise, name=name, locked=locked)
        for index, (exercise, name, locked, source) in enumerate(SOURCES)
    ),
    assignment="autograd-1",
)
ERROR = Raised("RuntimeError", "grad can be implicitly created only for scalar outputs", 7)
LINE = Curve(array([0.0, 1.0]), array([0.0, 1.0]), "sin x")
X = replace(array([0.0, 1.0, 2.0, 3.0], "float32"), requires_grad=True, id=1)
Y = replace(array(28.0, "float32"), requires_grad=True, leaf=False, grad_fn="MulBackward0", id=2)
ONCE, TWICE_OVER = array([0.0, 4.0, 8.0, 12.0]), array([0.0, 8.0, 16.0, 24.0])
NODES = (
    Node(11, "MulBackward0", (12,)),
    Node(12, "DotBackward0", (13,)),
    Node(13, "AccumulateGrad", (), leaf=1),
)
PASSES = (
    Event(
        0,
        "backward",
        (Y,),
        (None,),
        retain_graph=True,
        leaves=(Leaf(1, X, None, ONCE),),
        nodes=NODES,
        line=3,
    ),
    Event(
        1, "backward", (Y,), (None,), leaves=(Leaf(1, X, ONCE, TWICE_OVER),), nodes=NODES, line=4
    ),
)
CAPTURE = Capture(
    7,
    RunInfo("completed", 3.21, 231_000_000, ("namespaces", "seccomp")),
    (
        CellObservation(0, "ok", 0.01),
        CellObservation(
            1, "ok", 0.01, outputs=(Output("stdout", "tensor([ 0.,  4.,  8., 12.])\n"),)
        ),
        CellObservation(2, "ok", 0.01, outputs=(Output("stdout", "name 'z' is not defined\n"),)),
        CellObservation(
            3,
            "ok",
            0.01,
            names={"x": X, "y": Y},
            events=PASSES,
            events_total=2,
            outputs=(Output("stdout", "tensor([ 0.,  8., 16., 24.])\n"),),
        ),
        CellObservation(4, "ok", 0.01),
        CellObservation(
            5,
            "error",
            0.02,
            error=ERROR,
            outputs=(
                Output(
                    "error",
                    "\x1b[0;31mRuntimeError\x1b[0m  Traceback (most recent call last)\n"
                    "Cell In[6], line 7\n      6 # now backward\n----> 7 d.backward()\n\n"
                    "RuntimeError: grad can be implicitly created only for scalar outputs",
                ),
            ),
        ),
        CellObservation(
            6,
            "ok",
            0.4,
            figures=(Figure((Axes((LINE, LINE)),)),),
            outputs=(Output("image", png=png()),),
        ),
    ),
)
RESULT = Result(
    assignment="autograd-1",
    spec_hash="5f0c",
    released_hash="5f0c",
    student="Анна Wang",
    language="en",
    seed=7,
    audience="instructor",
    as_of="2026-10-01T12:00:00+00:00",
    status="graded",
    reason=None,
    score=6.0,
    max_score=13.0,
    exercises=(DOT, TWICE, FLOW, SIN),
    run=CAPTURE.run,
    notices=(
        Message("notice.locked-restored", {"exercise": "dot-gradient", "cell": "inputs"}),
        Message("notice.cell-duplicated", {"exercise": "dot-gradient", "cell": "y", "count": 2}),
    ),
    cells=tuple((cell.cell, cell.status, cell.seconds) for cell in CAPTURE.cells),
)
TEXTS = {
    "en": {
        "accumulated-gradient": DiagnosisText(
            "`backward` *adds* to `.grad`; it does not replace it. Your gradient holds {times} "
            "passes together.",
            "The gradient was accumulated",
            "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html",
            "Set it to zero before the next pass:\n\n    x.grad = None\n    y.backward()\n",
            "y.backward()\nanswer = x.grad",
            "x.grad = None\ny.backward()\nanswer = x.grad",
        ),
        "vector-without-v": DiagnosisText(
            "`{name}` is a vector. `backward()` alone works for a single number; for a vector it "
            "computes **vᵀJ** and you have to say which `v`: `{name}.backward(torch.ones_like("
            "{name}))`, or reduce first: `{name}.sum().backward()`.",
            "A vector needs an argument",
        ),
        "typed-constant": DiagnosisText("The numbers were typed in.", "A constant"),
    },
    "zh": {
        "accumulated-gradient": DiagnosisText(
            "`backward` 会把梯度*累加*到 `.grad`，而不是替换它。"
            "你的梯度是 {times} 次反向传播之和。\n\n"
            "下一次之前先清零：\n\n    x.grad = None\n    y.backward()\n",
            "梯度被累加了",
            "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html",
        ),
        "vector-without-v": DiagnosisText(
            "`{name}` 是向量。`backward()` 不带参数时只适用于单个数；对向量它计算 **vᵀJ**，"
            "因此要说明 `v`：`{name}.backward(torch.ones_like({name}))`。",
            "向量需要参数",
        ),
        "typed-constant": DiagnosisText("数值是直接写入的。", "常数"),
    },
    "ru": {
        "accumulated-gradient": DiagnosisText(
            "`backward` *прибавляет* к `.grad`, а не заменяет его. В вашем градиенте сложены "
            "проходы: {times}.\n\nОбнулите его перед следующим проходом:\n\n"
            "    x.grad = None\n    y.backward()\n",
            "Градиент накопился",
            "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html",
        ),
        "vector-without-v": DiagnosisText(
            "`{name}` — вектор. Без аргумента `backward()` годится только для одного числа; для "
            "вектора он вычисляет **vᵀJ**, и нужно указать `v`: "
            "`{name}.backward(torch.ones_like({name}))`.",
            "Вектору нужен аргумент",
        ),
        "typed-constant": DiagnosisText("Числа вписаны вручную.", "Константа"),
    },
}
