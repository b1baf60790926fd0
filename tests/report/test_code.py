import re
from html import unescape
from pathlib import Path

import pytest
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Number, Operator, String

from grader.report.code import excerpt, highlight

SOLUTIONS = Path(__file__).parents[2] / "solutions"
SAMPLES = sorted(path for path in SOLUTIONS.rglob("*.py") if path.stat().st_size < 20_000)
PIECE = re.compile(r'<span class="(\w)">([^<]*)</span>|([^<]+)')


def ours(source):
    """The class of every character of a source, as the page colours it."""
    lines, left_out = highlight(source)
    assert left_out == 0
    classes = []
    for number, line in enumerate(lines):
        classes += "\n" if number else ""
        for kind, inside, outside in PIECE.findall(line.html):
            classes += (kind or ".") * len(unescape(inside or outside))
    return "".join(classes)


def theirs(source):
    """The same by Pygments, where an f-string is one string and nothing else is named."""
    classes = []
    for token, text in PythonLexer(stripnl=False, ensurenl=False).get_tokens(source):
        kind = "."
        for base, name in ((Comment, "c"), (String, "s"), (Number, "n"), (Keyword, "k")):
            kind = name if token in base else kind
        kind = "k" if token in Operator.Word else kind
        classes += "".join("\n" if one == "\n" else kind for one in text)
    return "".join(classes)


def test_there_are_samples():
    assert len(SAMPLES) > 300


def test_colours_are_those_of_pygments_on_every_sample_of_the_course():
    for path in SAMPLES:
        source = path.read_text(encoding="utf-8").rstrip("\n")
        if re.search(r"\b[fF][\"']|\b[rR]?[fF][rR]?\"\"\"", source) or "\\\n" in source:
            continue  # Pygments looks into f-strings
        mine, other = ours(source), theirs(source)
        assert len(mine) == len(other)
        for at, (one, two) in enumerate(zip(mine, other, strict=True)):
            if one in "fb." and two in ".":
                continue
            assert one == two, f"{path}, character {at}: {source[max(0, at - 30) : at + 10]!r}"


@pytest.mark.parametrize(
    ("source", "classes"),
    [
        ("def f(x): return x", "kkk.f.....kkkkkk.."),
        ("@decorate\nclass A: pass", ".ffffffff\nkkkkk.f..kkkk"),
        ("x = 1e-5 + .5", "....nnnn...nn"),
        ("a1 = b'x' # c", ".....ssss.ccc"),
        ("s = 'open", "....sssss"),
        ('"""two\nlines"""', "ssssss\nssssssss"),
        ("x.sum(); sum(x)", ".........bbb..."),
    ],
)
def test_each_kind_of_token(source, classes):
    assert ours(source) == classes


def test_what_is_escaped_stays_escaped():
    lines, _ = highlight("x = '</span><script>' # <b>&amp;\ny < z")
    assert "<script" not in "".join(line.html for line in lines)
    assert "&lt;b&gt;&amp;amp;" in lines[0].html
    assert lines[1].html == "y &lt; z"


@pytest.mark.parametrize(
    "source", ['"' * 20_000, "'" * 20_000, '"""' + "\\" * 19_000, "1" * 20_000]
)
def test_what_never_ends_is_coloured_all_the_same(source):
    lines, _ = highlight(source)
    assert lines


def test_an_excerpt_marks_its_line():
    lines, _ = highlight("a\nb\nc\nd")
    assert [(one.number, one.marked) for one in excerpt(lines, 1)] == [(1, True), (2, False)]
    assert [one.number for one in excerpt(lines, 3)] == [2, 3, 4]
    assert excerpt(lines, 0) == excerpt(lines, 5) == ()
