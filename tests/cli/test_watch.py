"""`grader check --watch`: every save is checked, and nothing that a file may do ends it."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.console import Console

from grader.cli import screen, student
from grader.cli.language import Language
from grader.cli.watch import Watch
from grader.errors import InternalError
from grader.kernel import KernelServer
from grader.model.exercise import Assignment
from grader.spec import load_assignment
from tests.cli.test_commands import RIGHT
from tests.pipeline.conftest import filled

Step = Callable[[], object]
STILL: Sequence[Step] = [lambda: None] * 20


class Over(Exception):
    """No step is left."""


class Script:
    """What happens between the looks at a file, one step a pause."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)

    def __call__(self) -> None:
        if not self.steps:
            raise Over
        self.steps.pop(0)()


def rename_over(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)


# -- changes ---------------------------------------------------------------------------------------


def test_a_turn_for_every_state_and_none_between(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("1")
    script = Script(
        lambda: None,
        lambda: path.write_text("12"),
        lambda: None,
        lambda: rename_over(path, b"21"),
        path.unlink,
        lambda: path.write_text("1"),
        lambda: None,
    )
    turns, seen = iter(Watch(lambda: [path], script)), []
    with pytest.raises(Over):
        for _ in turns:
            seen.append(path.read_text() if path.exists() else None)
    assert seen == ["1", "12", "21", None, "1"]


def test_a_change_during_the_work_is_not_missed(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("1")
    turns = iter(Watch(lambda: [path], Script()))
    next(turns)
    path.write_text("12")
    next(turns)
    with pytest.raises(Over):
        next(turns)


def test_files_that_come_and_go_are_changes(tmp_path: Path) -> None:
    turns = iter(Watch(lambda: tmp_path.rglob("*"), Script((tmp_path / "new").touch)))
    next(turns)
    next(turns)


# -- notebooks -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def autograd(course: Path) -> Assignment:
    return load_assignment(course, "autograd")


class Shown:
    """What was printed, and how often a report was."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.out, self.err = io.StringIO(), io.StringIO()
        monkeypatch.setattr(student, "console", Console(file=self.out, width=100))
        errors = Console(file=self.err, width=100)
        monkeypatch.setattr(student, "errors", errors)
        monkeypatch.setattr(screen, "errors", errors)
        self.reports: list[int] = []
        show = student._show

        def noting(graded: student.Graded) -> None:
            findings = [f for e in graded.result.exercises for f in e.checks]
            self.reports.append(sum(f.status == "passed" for f in findings))
            show(graded)

        monkeypatch.setattr(student, "_show", noting)


def watch(path: Path, server: str | None, *steps: Step) -> None:
    with pytest.raises(Over):
        student.watch_notebook(path, Language.en, 1, server, Watch(lambda: [path], Script(*steps)))


def test_every_save_is_checked_and_nothing_ends_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    autograd: Assignment,
    kernels: KernelServer,
) -> None:
    path = tmp_path / "hw.ipynb"
    empty, right = filled(autograd, {}), filled(autograd, RIGHT)
    path.write_bytes(empty)
    shown = Shown(monkeypatch)
    watch(
        path,
        kernels.address,
        lambda: rename_over(path, right),
        lambda: path.write_bytes(empty[: len(empty) // 2]),  # half of it is written …
        lambda: path.write_bytes(empty),  # … and now the rest
        path.unlink,
        lambda: rename_over(path, right),
        lambda: path.write_text("no notebook"),
        *STILL,
        lambda: path.write_bytes(empty),
        path.unlink,
        *STILL,
        lambda: path.write_bytes(right),
    )
    few, many = shown.reports[0], shown.reports[1]
    assert few < many
    assert shown.reports == [few, many, few, many, few, many]
    said = shown.err.getvalue()
    assert said.count("hw.ipynb") == 2, said
    assert shown.out.getvalue().count("Ctrl-C") == len(shown.reports) + 2


def test_a_fault_of_ours_is_said_and_the_next_save_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kernels: KernelServer, autograd: Assignment
) -> None:
    path = tmp_path / "hw.ipynb"
    path.write_bytes(filled(autograd, {}))
    shown = Shown(monkeypatch)
    run = student._run

    def failing(*arguments: object) -> student.Graded:
        monkeypatch.setattr(student, "_run", run)
        raise InternalError("the slot fell over")

    monkeypatch.setattr(student, "_run", failing)
    watch(path, kernels.address, lambda: path.write_bytes(filled(autograd, RIGHT)))
    assert "the slot fell over" in shown.err.getvalue()
    assert len(shown.reports) == 1


def test_without_forking_kernels_start_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, autograd: Assignment
) -> None:
    monkeypatch.setattr(student.system, "WATCHES", False)
    path = tmp_path / "hw.ipynb"
    path.write_bytes(filled(autograd, RIGHT))
    shown = Shown(monkeypatch)
    with student.warm_kernels() as server:
        assert server is None
        watch(path, server)
    assert len(shown.reports) == 1 and shown.reports[0] > 0


def test_ctrl_c_ends_it_with_success(tmp_path: Path, autograd: Assignment) -> None:
    (tmp_path / "hw.ipynb").write_bytes(filled(autograd, RIGHT))
    with subprocess.Popen(
        [sys.executable, "-m", "grader", "check", "hw.ipynb", "--watch", "--language", "en"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            if "Ctrl-C" in line:
                break
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "")


def test_a_wrong_name_is_not_waited_for(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "grader", "check", "none.ipynb", "--watch"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "none.ipynb" in done.stderr
