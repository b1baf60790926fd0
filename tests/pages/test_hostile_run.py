"""A notebook that attacks its report by all that a notebook can hold, run for real."""

from __future__ import annotations

import json

import nbformat
import pytest

from grader.kernel import KernelServer
from grader.pipeline import diagnosis_texts, grade
from grader.reference import ReferenceProcess
from grader.report import for_audience, html
from grader.selftest import notebook, samples
from grader.spec import load_assignment, references
from scripts.gallery.exhibits import AFTER, DUE
from tests.pages.browser import ARMED, CANARY, STRANGE
from tests.pages.hostile import LIVE, LOOKS, RUN, TEXT
from tests.pages.test_hostile import MARKS

SHOWN = [*LIVE.values(), *LOOKS.values(), TEXT["ansi"], TEXT["null bytes"]]
CELLS = (
    f"from IPython.display import *\nfor text in {SHOWN!r}:\n"
    "    for kind in (HTML, Markdown, Latex, Javascript):\n        display(kind(text))\n",
    "display({'image/svg+xml': " + repr(LIVE["svg onload"]) + ", 'text/plain': 'x',\n"
    "  'application/javascript': "
    + repr(RUN)
    + ", 'application/vnd.x+json': {'a': 1}}, raw=True)\n"
    "display({'text/plain': "
    + repr(LIVE["script"])
    + "}, raw=True, metadata={'isolated': True})\n",
    f"import sys\nfor text in {SHOWN!r}:\n    print(text)\n    print(text, file=sys.stderr)\n",
    "import matplotlib.pyplot as plt\n"
    f"plt.plot([0, 1], [0, 1], label={LIVE['svg script']!r})\n"
    f"plt.title({LIVE['closing tags']!r}); plt.xlabel({LOOKS['marks in front']!r})\n"
    f"plt.ylabel({LIVE['attribute left']!r}); plt.legend(); plt.show()\n",
    f"import warnings\nwarnings.warn({LIVE['script']!r})\n"
    "class Told:\n    def __repr__(self):\n        return " + repr(LIVE["event of an image"]) + "\n"
    "    def _repr_html_(self):\n        return "
    + repr(LIVE["iframe with a document"])
    + "\nTold()",
    "class Fault(Exception):\n    def _render_traceback_(self):\n        return "
    + repr([LIVE["script"], LOOKS["style that hides"]])
    + f"\nFault.__name__ = {LIVE['script']!r}\nraise Fault({LIVE['closing tags']!r})",
)


def attacked(data: bytes) -> bytes:
    """The notebook with hostile cells, outputs, attachments, ids and metadata."""
    book = nbformat.reads(data.decode(), as_version=4)
    bad = LIVE["attribute left"]
    for cell in book.cells:
        cell.metadata["tags"] = [bad]
        cell.metadata["name"] = bad
        if cell.cell_type == "markdown":
            cell.source = "\n\n".join([cell.source, *SHOWN])
            cell["attachments"] = {"x.svg": {"image/svg+xml": LIVE["svg script"]}}
        else:
            kept = {"text/html": LIVE["script"], "application/javascript": RUN}
            cell.outputs = [nbformat.v4.new_output("display_data", kept)]
    book.cells += [nbformat.v4.new_markdown_cell(text) for text in SHOWN]
    book.cells += [nbformat.v4.new_code_cell(text) for text in CELLS]
    book.metadata["title"] = bad
    book.metadata["authors"] = [{"name": LIVE["script"]}]
    book.metadata["kernelspec"] = {"name": "python3", "display_name": bad, "language": bad}
    book.metadata["language_info"] = {"name": LIVE["script"], "codemirror_mode": bad}
    book.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {bad: {}}}}
    return json.dumps(book).encode()


@pytest.fixture(scope="module")
def reports(course, tmp_path_factory):
    """The same answers handed in plainly, and with everything that a notebook can hold."""
    assignment = load_assignment(course, "backward-twice")
    sample = next(s for s in samples(course, assignment) if s.diagnosis == "constant-factor")
    plain = notebook(assignment, [sample])
    folder = tmp_path_factory.mktemp("run")
    files = {}
    with KernelServer() as server, ReferenceProcess(references(course, assignment)) as process:
        for name, data in (("plain", plain), ("attacked", attacked(plain))):
            graded = grade(
                data, f"{LIVE['event of an image']}.ipynb", assignment, process, seed=3,
                student=LIVE["script"], server=server.address,
            )  # fmt: skip
            result = for_audience(graded.result, "student", AFTER, DUE)
            texts = diagnosis_texts(result)
            files[name] = folder / f"{name}.html"
            page = html(
                result, graded.submission, graded.capture, "en", texts,
                assignment=graded.assignment,
            )  # fmt: skip
            files[name].write_text(page, encoding="utf-8")
    return files


def test_nothing_of_it_runs_and_the_marks_are_those_of_the_answers(browser, reports):
    with browser.open(reports["plain"]) as seen:
        marks = seen.page.evaluate(MARKS)
    with browser.open(reports["attacked"]) as seen:
        seen.touch()
        assert seen.settle(5) == []
        assert seen.page.evaluate(ARMED) == []
        assert seen.page.evaluate(STRANGE) == []
        assert seen.page.evaluate(MARKS) == marks
        said = seen.page.evaluate("document.body.textContent")
    assert LIVE["script"] in said
    assert CANARY in said
