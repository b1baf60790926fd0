"""Nothing that decides a mark is where the student's code can find it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader.border import claimed_assignment
from grader.errors import InternalError
from grader.model.exercise import Limits
from grader.pipeline import Graded, grade
from grader.reference import ReferenceProcess
from grader.spec import load_assignment, references
from tests.pipeline.conftest import filled

# The mark is never written out in the student's code, so that finding it means something.
MARK = "zqxj" + "wvkb"

SEARCH = """
import gc, os, sys
def search():
    mark = "".join(reversed("bkvw" "jxqz"))
    found = []
    def look(where, text):
        if mark in text: found.append(where)
    look("environment", repr(dict(os.environ)) + open("/proc/self/environ").read())
    look("command line", open("/proc/self/cmdline").read())
    for folder, folders, files in os.walk(os.path.dirname(os.getcwd())):
        look("names", repr((folder, folders, files)))
        for name in files:
            try: look("file " + name, open(os.path.join(folder, name), errors="replace").read())
            except OSError: pass
    for number in os.listdir("/proc/self/fd"):
        try: look("descriptor", os.readlink("/proc/self/fd/" + number))
        except OSError: pass
    frame = sys._getframe()
    while frame is not None:
        look("frame", repr(frame.f_code.co_filename) + repr(list(frame.f_locals)))
        frame = frame.f_back
    look("modules", repr(list(sys.modules)))
    for thing in gc.get_objects():
        if type(thing) in (dict, list, tuple, set):
            for part in list(thing):
                if type(part) is str and part != mark: look("object", part)
    needle = mark.encode()
    own = id(mark)
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in list(maps):
            bounds, rights = line.split()[:2]
            if "rw" not in rights or "[v" in line: continue
            low, high = (int(bound, 16) for bound in bounds.split("-"))
            if high - low > 1 << 28: continue
            try:
                memory.seek(low); block = memory.read(high - low)
            except (OSError, ValueError, OverflowError): continue
            count = block.count(needle)
            if count: found.append(("memory", count))
            del block
    return found
"""


@pytest.fixture
def marked(small_course: Path) -> Path:
    """The scaffolded course, with the mark in everything that is secret."""
    toml = small_course / "exercises" / "doubling" / "exercise.toml"
    text = toml.read_text()
    text = text.replace('id = "gradient"', f'id = "{MARK}-check"').replace(
        'expect = "gradient"', f'expect = "{MARK}_gradient"'
    )
    toml.write_text(text)
    reference = small_course / "solutions" / "doubling" / "reference.py"
    reference.write_text(
        reference.read_text().replace("def gradient", f'"""{MARK}"""\n\n\ndef {MARK}_gradient')
    )
    return small_course


def graded(course: Path, cell: str, limits: Limits = Limits()) -> Graded:  # noqa: B008
    assignment = replace(load_assignment(course, "doubling"), limits=limits)
    with ReferenceProcess(references(course, assignment)) as process:
        data = filled(assignment, {"doubling/answer": cell})
        return grade(data, "hw.ipynb", assignment, process, seed=1)


def seen(graded: Graded) -> int:
    return int(graded.capture.cells[-1].names["count"].data)  # type: ignore[arg-type]


def test_no_secret_is_in_the_students_process(marked: Path) -> None:
    # The search's own copies of the mark are counted, and are all that there is.
    alone = "\ndef kinds(found): return {f if type(f) is str else f[0] for f in found}"
    cell = SEARCH + alone + "\nhits = kinds(search()) - {'memory'}\ncount = len(hits)"
    result = graded(marked, cell)
    assert result.capture.cells[-1].error is None
    assert seen(result) == 0


def test_the_students_memory_holds_no_more_marks_than_the_search_makes(marked: Path) -> None:
    cell = SEARCH + "\ncount = sum(f[1] for f in search() if type(f) is tuple)"
    searching = graded(marked, cell)
    assert searching.capture.cells[-1].error is None
    # The same search in a course without the mark finds the very same copies: its own.
    for path in [
        marked / "exercises" / "doubling" / "exercise.toml",
        marked / "solutions" / "doubling" / "reference.py",
    ]:
        path.write_text(path.read_text().replace(MARK, "plain"))
    assert seen(searching) == seen(graded(marked, cell))


def test_the_search_finds_what_is_there(marked: Path) -> None:
    cell = SEARCH + '\nimport os\nos.environ["X"] = "".join(reversed("bkvw" "jxqz"))\n'
    cell += 'count = sum(f == "environment" for f in search())'
    assert seen(graded(marked, cell)) == 1


def test_what_comes_back_cannot_say_that_it_passed(marked: Path) -> None:
    forged = """
import json, os, socket, struct
message = json.dumps({"frame": "cell", "count": 1, "checks": [{"id": "gradient", "score": 2}],
                      "score": 2, "status": "passed"}).encode()
for number in range(3, 64):
    try:
        end = socket.socket(fileno=os.dup(number))
        end.send(struct.pack(">4sIQ", b"GRD1", len(message), 0) + message)
    except OSError: pass
"""
    # Its own sockets are spoilt by that, so the kernel answers no more.
    result = graded(marked, forged, Limits(cell_seconds=1)).result
    assert result.score == 0
    assert result.status == "graded"


def refusing(times: int, error: OSError | EOFError) -> tuple[Any, list[int]]:
    """What starts processes, and fails so often first; with a note of every time."""
    starts: list[int] = []
    real = get_context("forkserver").Process.start

    def start(process: BaseProcess) -> None:
        starts.append(len(starts))
        if len(starts) <= times:
            raise error
        real(process)

    return start, starts


@pytest.mark.parametrize("error", [ConnectionRefusedError(), EOFError(), BrokenPipeError()])
def test_a_slot_is_made_while_what_slots_are_forked_from_was_killed(
    monkeypatch: pytest.MonkeyPatch, error: OSError | EOFError
) -> None:
    monkeypatch.setattr("grader.border._START_PAUSE_SECONDS", 0.0)
    notebook = nbformat.writes(new_notebook(cells=[new_code_cell("1")])).encode()
    start, starts = refusing(3, error)
    monkeypatch.setattr(get_context("forkserver").Process, "start", start)
    assert claimed_assignment(notebook, "a.ipynb") is None
    assert len(starts) == 4
    start, _ = refusing(10_000, error)
    monkeypatch.setattr(get_context("forkserver").Process, "start", start)
    with pytest.raises(InternalError, match=f"not-run.*{type(error).__name__}"):
        claimed_assignment(notebook, "a.ipynb")


def test_a_program_is_not_imported_by_the_slots_that_it_starts(tmp_path: Path) -> None:
    """Nor need it guard itself: it may be a script of three lines."""
    script = tmp_path / "mine.py"
    (tmp_path / "a.ipynb").write_text(nbformat.writes(new_notebook(cells=[new_code_cell("1")])))
    script.write_text(
        "print('read')\n"
        "from grader.border import claimed_assignment\n"
        "print([claimed_assignment(open('a.ipynb', 'rb').read(), 'a.ipynb') for _ in range(2)])\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        cwd=tmp_path,
    )
    assert done.stdout.split("\n") == ["read", "[None, None]", ""]


TRUSTED = """
import sys
from grader.border import Slot
from grader.model.job import Job
with Slot(Job("hw.ipynb", None, (), 1), open(sys.argv[1], "rb").read()) as slot:
    slot.sealed(lambda done, total: print(done, total, flush=True))
"""


def test_a_slot_ends_with_the_trusted_side_whatever_it_waits_for(
    small_course: Path, tmp_path: Path
) -> None:
    assignment = load_assignment(small_course, "doubling")
    path = tmp_path / "hw.ipynb"
    path.write_bytes(filled(assignment, {"doubling/answer": "import time; time.sleep(10_000)"}))
    trusted = subprocess.Popen(
        [sys.executable, "-c", TRUSTED, str(path)], stdout=subprocess.PIPE, text=True
    )
    with trusted:
        assert trusted.stdout is not None
        for line in trusted.stdout:
            done, total = map(int, line.split())
            if done == total - 1:  # the cell that sleeps is what is left
                break
        below = psutil.Process(trusted.pid).children(recursive=True)
        trusted.kill()
    assert len(below) >= 3  # where slots are forked from, the slot, the kernel
    assert psutil.wait_procs(below, timeout=60)[1] == []
