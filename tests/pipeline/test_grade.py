"""A notebook's way from bytes to a result, with real kernels and the real reference."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import pytest

from grader.kernel import KernelServer
from grader.model.exercise import Assignment
from grader.pipeline import Graded, diagnosis_texts, grade
from grader.reference import ReferenceProcess
from grader.report import schema, to_json
from grader.spec import load_assignment, references
from tests.pipeline.conftest import Grade, filled

BACKWARD_TWICE = {
    "backward-twice/first-pass": (
        "y = 2 * torch.dot(x, x)\ny.backward()\nfirst_gradient = x.grad.clone()"
    ),
    "backward-twice/second-pass": "y.backward()",
    "backward-twice/retained": (
        "x.grad = None\ny = 2 * torch.dot(x, x)\ny.backward(retain_graph=True)\ny.backward()\n"
        "second_gradient = x.grad"
    ),
}


def exercise(graded: Graded, name: str = "backward-twice") -> dict[str, str]:
    found = next(e for e in graded.result.exercises if e.id == name)
    return {finding.check: finding.status for finding in found.checks}


def plain(graded: Graded) -> dict[str, Any]:
    """The JSON result without what may differ between two equal runs."""
    result = to_json(graded.result, "en", diagnosis_texts(graded.result))
    for key in ("seconds", "peak_memory_bytes"):
        result["run"].pop(key)
    for cell in result["run"]["cells"]:
        cell.pop("seconds")
    return result


def test_right_answers_in_one_exercise_earn_that_exercise(grade_autograd: Grade) -> None:
    graded = grade_autograd(BACKWARD_TWICE)
    numeric = {k: v for k, v in exercise(graded).items() if not k.startswith("why")}
    assert set(numeric.values()) == {"passed"}
    assert graded.result.status == "graded"
    assert 0 < graded.result.score < graded.result.max_score


def test_the_result_fits_its_schema(grade_autograd: Grade) -> None:
    graded = grade_autograd(BACKWARD_TWICE | {"gradient-argument/forward": "1 / 0"})
    result = to_json(graded.result, "en", diagnosis_texts(graded.result))
    jsonschema.validate(json.loads(json.dumps(result, allow_nan=False)), schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(result | {"verdict": 1}, schema())


def test_the_same_seed_gives_the_same_result(grade_autograd: Grade) -> None:
    first, second = (grade_autograd(BACKWARD_TWICE, seed=11) for _ in range(2))
    assert plain(first) == plain(second)
    assert first.result.seed == 11


def test_another_seed_draws_other_inputs(grade_autograd: Grade) -> None:
    one, other = (grade_autograd(BACKWARD_TWICE, seed=seed) for seed in (1, 2))
    inputs = [g.capture.variations[0].inputs["x"].data.tolist() for g in (one, other)]  # type: ignore[union-attr]
    assert inputs[0] != inputs[1]
    assert one.result.score == other.result.score


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_every_language_is_graded_alike(grade_autograd: Grade, language: str) -> None:
    graded = grade_autograd(BACKWARD_TWICE, language=language)
    assert graded.result.language == language
    numeric = {k: v for k, v in exercise(graded).items() if not k.startswith("why")}
    assert set(numeric.values()) == {"passed"}


@pytest.mark.parametrize(
    "death",
    ["import os; os._exit(3)", "import ctypes; ctypes.string_at(0)"],
    ids=["exit", "segfault"],
)
def test_what_came_before_a_crash_and_other_exercises_keep_their_points(
    grade_autograd: Grade, death: str
) -> None:
    graded = grade_autograd(BACKWARD_TWICE | {"control-flow-vector/scalar": death})
    numeric = {k: v for k, v in exercise(graded).items() if not k.startswith("why")}
    assert set(numeric.values()) == {"passed"}
    assert graded.result.run.status == "crashed"
    assert graded.result.status == "graded"


def test_a_changed_locked_cell_is_restored_and_told(
    autograd: Assignment, process: ReferenceProcess, kernels: KernelServer
) -> None:
    notebook = nbformat.reads(filled(autograd, BACKWARD_TWICE), as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("grader", {}).get("cell") == "inputs":
            cell.source = cell.source.replace("4.0", "1.0")
    data = str(nbformat.writes(notebook)).encode()
    graded = grade(data, "hw.ipynb", autograd, process, seed=1, server=kernels.address)
    assert exercise(graded)["y"] == "passed"
    assert "notice.locked-restored" in {notice.id for notice in graded.result.notices}


def test_lost_metadata_costs_nothing(
    autograd: Assignment, process: ReferenceProcess, kernels: KernelServer
) -> None:
    notebook = nbformat.reads(filled(autograd, BACKWARD_TWICE), as_version=4)
    notebook.metadata = nbformat.from_dict({"kernelspec": dict(notebook.metadata.kernelspec)})
    for number, cell in enumerate(notebook.cells):
        cell.metadata = nbformat.from_dict({})
        cell.id = f"colab{number}"
    graded = grade(
        str(nbformat.writes(notebook)).encode(),
        "hw.ipynb",
        autograd,
        process,
        seed=1,
        server=kernels.address,
    )
    numeric = {k: v for k, v in exercise(graded).items() if not k.startswith("why")}
    assert set(numeric.values()) == {"passed"}


def test_a_corrected_spec_still_grades_an_older_release(
    autograd: Assignment, process: ReferenceProcess, kernels: KernelServer
) -> None:
    corrected = dataclasses.replace(autograd, spec_hash="0" * 64)
    graded = grade(
        filled(autograd, BACKWARD_TWICE),
        "hw.ipynb",
        corrected,
        process,
        seed=1,
        server=kernels.address,
    )
    assert graded.result.released_hash == autograd.spec_hash
    assert graded.result.spec_hash == "0" * 64
    assert "notice.spec-changed" in {notice.id for notice in graded.result.notices}
    assert exercise(graded)["first-gradient"] == "passed"


def test_inputs_that_keep_the_reference_running_for_ever_earn_nothing(
    grade_autograd: Grade,
) -> None:
    cells = {
        "control-flow-vector/vector": (
            "vector = torch.zeros(3, requires_grad=True)\nvector_gradient = torch.ones(3)"
        )
    }
    graded = grade_autograd(cells)
    found = next(e for e in graded.result.exercises if e.id == "control-flow-vector")
    assert found.score == 0
    assert graded.result.status == "graded"


def test_a_notebook_with_names_of_its_own_is_graded_by_what_happened(
    autograd: Assignment, process: ReferenceProcess, kernels: KernelServer
) -> None:
    cells = [
        "import torch\nu = torch.arange(3., requires_grad=True)\nw = (u ** 2).sum()",
        "w.backward()\nw.backward()",
        "def g(q):\n    r = q * 2\n    while r.norm() < 1000:\n        r = r * 2\n    return r",
        "m = torch.randn(2, 2, requires_grad=True)\ng(m).sum().backward()",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    graded = grade(
        str(nbformat.writes(notebook)).encode(),
        "own.ipynb",
        autograd,
        process,
        seed=1,
        server=kernels.address,
    )
    assert exercise(graded)["second-error"] == "passed"
    assert exercise(graded, "control-flow-vector")["vector-pass"] == "passed"
    assert next(e for e in graded.result.exercises if e.id == "sin-derivative-plot").status == (
        "missing"
    )
    assert "notice.own-names" in {notice.id for notice in graded.result.notices}


SIN = {
    "sin-derivative-plot/derivative": (
        "y = torch.sin(x)\ny.sum().backward()\nderivative = x.grad.clone()"
    )
}
PLOT = """
plt.plot(x.detach(), y.detach(), label={label!r})
plt.plot(x.detach(), derivative, label="slope")
plt.xlabel("x"); plt.ylabel("y"); plt.legend()
"""

RIGHT = {
    "a second pass on another tensor, tried out afterwards": (
        "control-flow-vector",
        {
            "control-flow-vector/scalar": (
                "d = f(scalar)\nd.backward()\nscalar_gradient = scalar.grad\n"
                "t = torch.tensor(-300.0, requires_grad=True)\nf(t).backward()"
            ),
            "control-flow-vector/vector": (
                "d = f(vector)\nd.sum().backward()\nvector_gradient = vector.grad.clone()\n"
                "long = torch.ones(10, requires_grad=True)\nf(long).sum().backward()"
            ),
        },
        ("scalar-pass", "scalar-gradient", "vector-pass", "vector-shape", "vector-gradient"),
    ),
    "inputs stated again under a magic": (
        "backward-twice",
        BACKWARD_TWICE
        | {
            "backward-twice/retained": (
                "%%time\nx = torch.arange(4.0, requires_grad=True)\ny = 2 * torch.dot(x, x)\n"
                "y.backward(retain_graph=True)\ny.backward()\nsecond_gradient = x.grad"
            )
        },
        ("retained-pass", "second-gradient"),
    ),
    "a variable that is called cos": (
        "sin-derivative-plot",
        {
            "sin-derivative-plot/derivative": (
                "from math import *\ny = x.sin()\n"
                "cos = torch.autograd.grad(y, x, torch.ones_like(y))[0]\nderivative = cos"
            )
        },
        ("no-cos", "derivative"),
    ),
    "a label that is no Unicode": (
        "sin-derivative-plot",
        SIN
        | {
            "sin-derivative-plot/plot": PLOT.format(label="sine")
            + 'plt.plot([0], [0], label="\\ud800")'
        },
        ("derivative", "two-curves", "curves"),
    ),
    "a choice in a list": (
        "gradient-argument",
        {"gradient-argument/question": "meaning = ['d']"},
        ("meaning-chosen", "meaning"),
    ),
}

WRONG = {
    "constants beside passes over leaves made to fit them": (
        "control-flow-vector",
        {
            "control-flow-vector/scalar": (
                "t = (600 + torch.rand(())).requires_grad_()\n(t * 1).backward()\n"
                "scalar_gradient = torch.tensor(2.0)"
            ),
            "control-flow-vector/vector": (
                "t = (10 + torch.rand(3)).requires_grad_()\n(t * 2 * 2 * 2 * 2).sum().backward()\n"
                "vector_gradient = torch.tensor([64.0] * 3)"
            ),
        },
        ("scalar-gradient", "vector-gradient"),
    ),
}


@pytest.mark.parametrize("case", RIGHT)
def test_a_right_answer_keeps_its_points(grade_autograd: Grade, case: str) -> None:
    name, cells, checks = RIGHT[case]
    graded = grade_autograd(cells)
    found = exercise(graded, name)
    assert {check: found[check] for check in checks} == dict.fromkeys(checks, "passed")
    (result,) = (e for e in graded.result.exercises if e.id == name)
    assert not {c for d in result.diagnoses for c in d.checks} & set(checks)


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_answer_earns_nothing(grade_autograd: Grade, case: str) -> None:
    name, cells, checks = WRONG[case]
    found = exercise(grade_autograd(cells), name)
    assert {check: found[check] for check in checks} == dict.fromkeys(checks, "failed")


def test_a_spoiled_channel_costs_only_its_own_exercise(grade_autograd: Grade) -> None:
    spoil = (
        "import gc, struct\n"
        "for o in gc.get_objects():\n"
        "    if type(o).__name__ == 'Channel' and o.socket:\n"
        "        o.socket.send(struct.pack('>4sIQ', b'GRD1', 10, 1 << 20))"
    )
    graded = grade_autograd(SIN | {"control-flow-vector/scalar": spoil})
    assert exercise(graded, "sin-derivative-plot")["derivative"] == "passed"
    assert graded.result.run.status == "crashed"


def test_hidden_inputs_do_not_follow_from_what_the_kernel_knows(grade_autograd: Grade) -> None:
    cell = "seed = torch.initial_seed()"
    graded = grade_autograd({"backward-twice/first-pass": cell}, seed=77)
    seen = next(c for c in graded.capture.cells if "seed" in c.names).names["seed"].data
    assert seen is not None and int(seen) != 77
    assert graded.result.seed == 77


def test_rounding_an_answer_away_gains_nothing(grade_autograd: Grade) -> None:
    away = "\nsecond_gradient = (torch.rand(4) + 7).to(torch.float8_e5m2)"
    retained = BACKWARD_TWICE["backward-twice/retained"]
    whole, rounded = (
        grade_autograd(BACKWARD_TWICE | {"backward-twice/retained": retained + more})
        for more in ("", away)
    )
    assert exercise(rounded)["second-gradient"] == "undecidable"
    assert rounded.result.max_score == whole.result.max_score
    assert rounded.result.score == whole.result.score - 2


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_a_right_answer_in_any_precision_is_never_called_wrong(
    grade_autograd: Grade, dtype: str
) -> None:
    leaf = f"q = x.detach().to(torch.{dtype}).requires_grad_()\n"
    cells = {
        "backward-twice/first-pass": (
            leaf + "y = 2 * torch.dot(q, q)\ny.backward()\nfirst_gradient = q.grad.clone()"
        ),
        "backward-twice/retained": (
            leaf + "y = 2 * (q * q).sum()\ny.backward(retain_graph=True)\ny.backward()\n"
            "second_gradient = q.grad"
        ),
        "sin-derivative-plot/derivative": (
            leaf + "y = torch.sin(q)\ny.backward(torch.ones_like(y))\nderivative = q.grad"
        ),
    }
    graded = grade_autograd(cells)
    found = exercise(graded)
    assert found["first-gradient"] == found["second-gradient"] == "passed"
    derivative = exercise(graded, "sin-derivative-plot")["derivative"]
    assert derivative == "passed" or (
        dtype in ("float16", "bfloat16") and derivative == "undecidable"
    )


def test_a_reference_that_always_fails_is_nobodys_zero(
    small_course: Path, kernels: KernelServer
) -> None:
    file = small_course / "solutions" / "doubling" / "reference.py"
    file.write_text(re.sub(r"(?m)^    return .*", "    raise ValueError('no')", file.read_text()))
    assignment = load_assignment(small_course, "doubling")
    with ReferenceProcess(references(small_course, assignment)) as process:
        data = filled(
            assignment, {"doubling/answer": "(x * x).sum().backward()\ngradient = x.grad"}
        )
        graded = grade(data, "hw.ipynb", assignment, process, seed=1, server=kernels.address)
    assert graded.result.status == "not_graded"


def test_what_stopped_in_cells_is_told_whatever_checks_look_at_them(grade_autograd: Grade) -> None:
    graded = grade_autograd(
        {
            "backward-twice/first-pass": "y = torch.dot(x, x)\ny.backward(\nz = 1",
            "backward-twice/why": "why_error = c",
            "control-flow-vector/slope": "def slope(a):\nb = f(a)",
        }
    )
    told = [(n.id, n.params["line"], n.params["error"]) for n in graded.result.notices]
    assert told == [
        ("notice.stopped.syntax", 2, "'(' was never closed"),
        ("notice.stopped.letter", 1, "NameError: name 'c' is not defined"),
        (
            "notice.stopped.syntax",
            2,
            "expected an indented block after function definition on line 1",
        ),
    ]
