"""Whatever is handed in, reading gives a valid notebook or says what is wrong with it."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.notebook import MESSAGES, load, notices, read, stamp
from tests.notebook.conftest import code, markdown, notebook


def refused(data: bytes, name: str = "hw.ipynb") -> SubmissionError:
    with pytest.raises(SubmissionError) as caught:
        read(data, name)
    error = caught.value
    assert tuple(error.params) == MESSAGES[error.message_id]
    return error


def said(node: nbformat.NotebookNode) -> dict[str, Any]:
    for message in notices(node):
        assert tuple(message.params) == MESSAGES[message.id]
    return {message.id: dict(message.params) for message in notices(node)}


def valid(data: bytes, name: str = "hw.ipynb") -> nbformat.NotebookNode:
    node = read(data, name)
    nbformat.validate(node)
    nbformat.writes(node).encode()
    ids = [cell.id for cell in node.cells]
    assert len(set(ids)) == len(ids)
    assert all(not cell.outputs for cell in node.cells if cell.cell_type == "code")
    return node


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "input.empty"),
        (b" \n\t ", "input.empty"),
        (b"\xef\xbb\xbf", "input.empty"),
        (b'{"cells": "\xff"}', "input.encoding"),
        ('{"cells": []}'.encode("utf-16"), "input.encoding"),
        (b'{"cells": "\xed\xa0\x80"}', "input.encoding"),
        (b"print(1)", "input.not-json"),
        (b"\0" * 100, "input.not-json"),
        (b'{"cells": [', "input.not-json"),
        (b"<!DOCTYPE html><title>hw.ipynb</title>", "input.web-page"),
        (b"[1, 2]", "input.not-a-notebook"),
        (b"null", "input.not-a-notebook"),
        (b"{}", "input.not-a-notebook"),
        (b'{"cells": {}, "nbformat": 4}', "input.not-a-notebook"),
        (b'{"cells": null, "worksheets": [], "nbformat": 4}', "input.no-cells"),
        (b'{"nbformat": -1, "cells": [{}]}', "input.not-a-notebook"),
        (b'{"nbformat": 5, "nbformat_minor": 0, "metadata": {}, "cells": []}', "input.too-new"),
        (notebook(), "input.no-cells"),
        (notebook(code(""), markdown("  \n")), "input.no-cells"),
        (notebook(1, None, "x"), "input.no-cells"),
        (b"[" * 100_000, "input.too-complex"),
        (b'{"cells":' * 100_000, "input.too-complex"),
        (b'{"outputs":' + b"[" * 100_000, "input.too-complex"),
        (b'{"a": [' + b"{}," * 2_100_000 + b"{}]}", "input.too-complex"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused_with_its_reason(data: bytes, message: str) -> None:
    assert refused(data).message_id == message


def test_the_place_of_a_json_error_is_that_of_the_file_not_of_what_was_cut_out_of_it() -> None:
    lines = json.dumps(json.loads(notebook(code("x", outputs=[{"a": "b"}]))), indent=1)
    broken = lines.replace('"outputs": []', '"outputs": [\n"a",\n"b"\n]') + "\n}"
    error = refused(broken.encode())
    assert error.params["line"] == broken.count("\n") + 1


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}},
        {"kernelspec": {"name": "ir"}},
        {"kernelspec": {"name": "julia-1.11"}},
        {"language_info": {"name": "julia"}},
        {"kernelspec": {"name": "my-env", "language": "scala"}, "language_info": {"name": "scala"}},
    ],
)
def test_another_language_is_refused(metadata: dict[str, Any]) -> None:
    assert refused(notebook(code("x <- 1"), **metadata)).message_id == "input.other-language"


@pytest.mark.parametrize(
    ("metadata", "assumed"),
    [
        ({}, True),
        ({"kernelspec": {"name": "d2l", "display_name": "d2l"}}, True),
        ({"kernelspec": None, "language_info": [1]}, True),
        ({"kernelspec": {"name": "python3"}}, False),
        ({"language_info": {"name": "python"}}, False),
        ({"kernelspec": {"language": "python"}, "language_info": {"name": "R"}}, False),
        ({"kernelspec": {"name": "x", "language": "ipython"}}, False),
    ],
)
def test_silence_about_the_language_means_python(metadata: dict[str, Any], assumed: bool) -> None:
    node = valid(notebook(code("x = 1"), **metadata))
    assert ("notice.language-assumed" in said(node)) == assumed
    assert node.metadata.kernelspec.name == "python3"


def test_a_notebook_without_metadata_is_read() -> None:
    data = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a\n", "b"]}]})
    assert valid(data.encode()).cells[0].source == "a\nb"


def test_nbformat_3_is_upgraded_as_nbformat_does_it() -> None:
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": "old"},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["A\n", "B"]},
                    {"cell_type": "markdown", "metadata": {}, "source": "text"},
                    {
                        "cell_type": "code",
                        "language": "python",
                        "metadata": {},
                        "input": ["x = 1\n", "y"],
                        "collapsed": False,
                        "prompt_number": 1,
                        "outputs": [{"output_type": "pyout", "metadata": {}, "text": ["1"]}],
                    },
                ],
            }
        ],
    }
    node = valid(json.dumps(old).encode())
    theirs = nbformat.reads(json.dumps(old), as_version=4)
    assert [(c.cell_type, c.source) for c in node.cells] == [
        (c.cell_type, c.source) for c in theirs.cells
    ]
    assert said(node) == {"notice.upgraded": {"found": "3.0"}}


def test_nbformat_3_in_another_language_is_refused() -> None:
    cell = {"cell_type": "code", "language": "julia", "input": "x"}
    old = {"nbformat": 3, "worksheets": [{"cells": [cell]}]}
    assert refused(json.dumps(old).encode()).message_id == "input.other-language"


def test_a_newer_minor_version_is_read_leniently() -> None:
    node = valid(notebook(code("x", "a") | {"unknown": 1}, minor=9))
    assert said(node)["notice.newer-minor"] == {"found": "4.9"}


@pytest.mark.parametrize(
    ("cell", "kind", "source"),
    [
        ({"cell_type": "code", "source": ["a\n", 3, "b"]}, "code", "a\nb"),
        ({"cell_type": "code", "source": {"a": 1}}, "code", ""),
        ({"cell_type": "code", "source": None}, "code", ""),
        ({"source": "x = 1"}, "code", "x = 1"),
        ({"cell_type": "Markdown", "source": "x"}, "markdown", "x"),
        ({"cell_type": "sql", "source": "x"}, "code", "x"),
        ({"cell_type": ["code"], "source": "x"}, "code", "x"),
    ],
)
def test_wrong_types_in_a_cell_are_repaired(cell: dict[str, Any], kind: str, source: str) -> None:
    node = valid(notebook(code("1", "a"), cell | {"id": "b", "metadata": [1]}))
    assert (node.cells[1].cell_type, node.cells[1].source) == (kind, source)
    assert said(node)["notice.cells-repaired"] == {"count": 1}


def test_what_is_no_cell_is_dropped_and_counted() -> None:
    assert said(valid(notebook(code("1", "a"), 7, ["x"])))["notice.cells-dropped"] == {"count": 2}


def test_ids_that_are_missing_double_or_illegal_are_made_anew_and_always_the_same() -> None:
    data = notebook(
        code("1", "a"), code("2", "a"), code("3", "b c"), code("4", ""), code("5", "x" * 65)
    )
    node = valid(data)
    assert node.cells[0].id == "a"
    assert said(node)["notice.ids-repaired"] == {"count": 4}
    assert node == read(data, "hw.ipynb")


def test_missing_ids_are_no_news_before_nbformat_4_5() -> None:
    assert "notice.ids-repaired" not in said(valid(notebook(code("1", ""), minor=4)))


def test_made_ids_avoid_every_id_that_is_taken() -> None:
    taken = [code("x", "_made-3" + "-0" * n) for n in range(3)]
    assert len(valid(notebook(*taken, code("4", ""), code("5", "_made-3-0"))).cells) == 5


def test_halves_of_surrogate_pairs_are_replaced_and_whole_pairs_kept() -> None:
    node = valid(notebook(code("a = '\ud83d'", "a"), code("b = '\U0001f600'", "b")))
    assert [cell.source for cell in node.cells] == ["a = '\ufffd'", "b = '\U0001f600'"]
    assert said(node)["notice.text-repaired"] == {"count": 1}


def test_fifty_megabytes_of_outputs_are_left_out_without_being_parsed() -> None:
    lines = ",".join(f'"line {n}\\n"' for n in range(3_400_000))
    output = f'[{{"output_type": "stream", "name": "stdout", "text": [{lines}]}}]'
    picture = '[{"data": {"image/png": "' + "A" * 2_000_000 + '"}}]'
    data = notebook(code("x = 1", "a"), code("y", "b")).decode().split('"outputs": []')
    whole = f'{data[0]}"outputs": {output}{data[1]}"outputs" : {picture}{data[2]}'.encode()
    del lines, output
    assert len(whole) > 50_000_000
    tracemalloc.start()
    try:
        node = valid(whole)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000
    assert [cell.source for cell in node.cells] == ["x = 1", "y"]
    assert said(node)["notice.outputs-dropped"]["megabytes"] > 50


def test_a_source_that_speaks_of_outputs_keeps_every_character() -> None:
    source = 'd = {"outputs": [1, {"attachments": {}}], "a": "\\"outputs\\": ["}  # "outputs": ['
    cells = [code(source, "a"), code("x", "b") | {"outputs": [{"text": source}]}]
    assert valid(notebook(*cells)).cells[0].source == source


def test_attachments_are_dropped() -> None:
    cell = markdown("![a](attachment:a.png)") | {"attachments": {"a.png": {"image/png": "AAAA"}}}
    assert "attachments" not in valid(notebook(cell)).cells[0]


def test_outputs_under_an_escaped_key_are_dropped_all_the_same() -> None:
    data = notebook(code("x", "a")).replace(b'"outputs": []', b'"outp\\u0075ts": [[1]]')
    assert valid(data).cells[0].outputs == []


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([code("x")] * 2001, "input.too-many-cells"),
        ([code("x" * 1_000_001)], "input.cell-too-large"),
        ([code("x" * 900_000)] * 6, "input.too-much-source"),
    ],
)
def test_too_much_source_is_refused(cells: list[Any], message: str) -> None:
    assert refused(notebook(*cells)).message_id == message


def test_more_bytes_than_the_cap_are_refused_before_they_are_looked_at() -> None:
    error = refused(b"\xff" * 100_000_001)
    assert error.message_id == "input.too-large"
    assert error.params["limit"] == 100.0


@pytest.mark.parametrize(
    "mangled",
    [3, "x", [], {}, {"assignment": 4}, {"assignment": {"id": ["x"]}}, {"assignment": "a\nb"},
     {"assignment": "x" * 101}],
)  # fmt: skip
def test_a_mangled_stamp_counts_as_none(mangled: object) -> None:
    assert stamp(valid(notebook(code("x"), grader=mangled))) is None


def test_a_huge_or_deep_stamp_counts_as_none() -> None:
    deep: Any = "x"
    for _ in range(300):
        deep = [deep]
    for extra in (deep, "x" * 5_000_000):
        node = valid(notebook(code("x"), grader={"assignment": "demo", "extra": extra}))
        assert stamp(node) is None


def test_the_stamp_survives_and_is_read_in_both_its_forms() -> None:
    body = {"id": "demo", "spec_hash": "abc"}
    nested = stamp(valid(notebook(code("x"), grader={"assignment": body, "language": "ru"})))
    assert nested is not None
    assert (nested.assignment, nested.spec_hash, nested.language) == ("demo", "abc", "ru")
    flat = {"assignment": "demo", "spec_hash": 7, "language": "../etc", "more": [1.5, None]}
    found = stamp(valid(notebook(code("x"), grader=flat)))
    assert found is not None
    assert (found.assignment, found.spec_hash, found.language) == ("demo", None, None)
    assert found.data == flat


def test_notices_cannot_be_forged() -> None:
    forged = [{"id": "notice.own-names", "params": {}}]
    node = valid(notebook(code("x", "a"), grader_notices=forged, language_info={"name": "python"}))
    assert notices(node) == ()


def test_numbers_and_constants_that_python_cannot_hold_do_no_harm() -> None:
    data = notebook(code("x", "a"), grader={"assignment": "demo"}).decode()
    data = data.replace('"demo"', '"demo", "a": ' + "9" * 5000 + ', "b": NaN, "c": 1e999')
    found = stamp(valid(data.encode()))
    assert found is not None
    assert found.data == {"assignment": "demo", "a": 0, "b": None, "c": None}


def test_a_percent_script_is_read() -> None:
    script = '# %% [markdown]\n# Hello\n\n# %% name="answer" exercise="double"\nx = 1\n'
    node = valid(script.encode(), "hw.PY")
    assert [(c.cell_type, c.source) for c in node.cells] == [
        ("markdown", "Hello"),
        ("code", "x = 1"),
    ]
    assert node.cells[1].metadata == {"name": "answer", "exercise": "double"}
    assert notices(node) == ()


def test_a_script_without_marks_is_one_cell() -> None:
    assert [cell.source for cell in valid(b"x = 1\n\n\ny = 2\n", "a.py").cells] == [
        "x = 1\n\n\ny = 2"
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\n", "input.empty"),
        (b"\xff", "input.encoding"),
        (b"x\0", "input.not-a-script"),
        (b"# ---\n# jupyter:\n#   x: " + b"[" * 5000 + b"\n# ---\nx = 1\n", "input.not-a-script"),
        (b"# ---\n# jupyter:\n#   kernelspec:\n#     name: ir\n#     language: R\n"
         b"#     display_name: R\n# ---\nx <- 1\n", "input.other-language"),
        (b"# %%\nx\n" * 2001, "input.too-many-cells"),
        (b"x = 1\n" * 1_000_000, "input.too-large"),
    ],
)  # fmt: skip
def test_a_script_that_is_none_is_refused(data: bytes, message: str) -> None:
    assert refused(data, "hw.py").message_id == message


def test_a_files_name_is_shown_as_one_short_printable_line() -> None:
    name = str(refused(b"", "/tmp/\x1b[31m" + "x" * 300 + ".ipynb").params["name"])
    assert name.isprintable()
    assert len(name) <= 120


class TestLoad:
    def test_gives_the_bytes(self, tmp_path: Path) -> None:
        (tmp_path / "a.ipynb").write_bytes(b"abc")
        assert load(tmp_path / "a.ipynb") == b"abc"

    @pytest.mark.parametrize("make", ["missing", "directory", "not-a-file", "too-large"])
    def test_says_why_there_are_none(self, tmp_path: Path, make: str) -> None:
        path = tmp_path / "a.ipynb"
        if make == "directory":
            path.mkdir()
        elif make == "not-a-file":
            import os

            os.mkfifo(path)
        elif make == "too-large":
            path.write_bytes(b"x" * 11)
        with pytest.raises(SubmissionError) as caught:
            load(path, limit=10)
        assert caught.value.message_id == f"input.{make}"
        assert tuple(caught.value.params) == MESSAGES[f"input.{make}"]

    def test_a_path_below_a_file_is_missing(self, tmp_path: Path) -> None:
        (tmp_path / "a").touch()
        with pytest.raises(SubmissionError, match=r"input\.missing"):
            load(tmp_path / "a" / "b")

    def test_a_path_with_a_nul_is_unreadable(self) -> None:
        with pytest.raises(SubmissionError, match=r"input\.(unreadable|missing)"):
            load(Path("a\0b"))


TEXTS = st.text(st.characters(), max_size=8)  # surrogates included
ATOMS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
JSON = st.recursive(
    ATOMS, lambda v: st.lists(v, max_size=3) | st.dictionaries(TEXTS, v, max_size=3), max_leaves=8
)
KINDS = st.sampled_from(["code", "markdown", "raw", "heading", "html", "Code", ""])
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": KINDS | JSON,
        "id": st.sampled_from(["a", "_made-0-0", "_made-1-0"]) | JSON,
        "metadata": st.fixed_dictionaries(
            {}, optional={"grader": JSON, "name": JSON, "tags": JSON}
        ) | JSON,
        "source": TEXTS | st.lists(TEXTS) | JSON,
        "input": JSON,
        "level": JSON,
        "language": JSON,
        "outputs": JSON,
        "attachments": JSON,
        "execution_count": JSON,
    },
)  # fmt: skip
NOTEBOOKS = st.fixed_dictionaries(
    {},
    optional={
        "nbformat": st.integers(1, 6) | JSON,
        "nbformat_minor": st.integers(0, 9) | JSON,
        "metadata": st.fixed_dictionaries(
            {}, optional={"grader": JSON, "kernelspec": JSON, "language_info": JSON}
        ) | JSON,
        "cells": st.lists(CELLS | JSON, max_size=5) | JSON,
        "worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(CELLS) | JSON}) | JSON),
    },
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(NOTEBOOKS | JSON)
def test_anything_like_a_notebook_is_read_or_refused(content: object) -> None:
    try:
        node = valid(json.dumps(content).encode())
    except SubmissionError as error:
        assert tuple(error.params) == MESSAGES[error.message_id]
    else:
        said(node)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        valid(data)
    except SubmissionError as error:
        assert tuple(error.params) == MESSAGES[error.message_id]


PARTS = ["# %%", " [markdown]", ' name="a"', "\n", "x = 1", "# ---", '"""', "# jupyter:",
         "#   a: &b [*b]", "%magic", " {", "\t", "é"]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PARTS)))
def test_any_script_is_read_or_refused(parts: list[str]) -> None:
    try:
        valid("".join(parts).encode(), "a.py")
    except SubmissionError as error:
        assert tuple(error.params) == MESSAGES[error.message_id]


def test_who_knows_the_exercises_is_spared_those_of_the_stamp() -> None:
    body = {"id": "autograd", "spec_hash": "abc", "exercises": [{"id": "one"}]}
    data = notebook(code("x"), grader={"assignment": body, "language": "ru"})
    whole, brief = read(data, "hw.ipynb"), read(data, "hw.ipynb", exercises=False)
    assert whole.metadata.grader.assignment.exercises == [{"id": "one"}]
    assert brief.metadata.grader.assignment.exercises == []
    one, other = stamp(whole), stamp(brief)
    assert one is not None and other is not None
    assert (one.assignment, one.spec_hash, one.language) == ("autograd", "abc", "ru")
    assert (other.assignment, other.spec_hash, other.language) == ("autograd", "abc", "ru")
    assert brief.cells == whole.cells
