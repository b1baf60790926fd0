"""What strangers may hand in to be shown, and where a report shows what strangers hand in.

`LIVE` ones do something in a page that trusts them: a test proves it, so that the others prove
something too. They set a canary, ask for it over the network, and speak.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from grader.model.observation import Axes, Capture, Curve, Figure, Output, Raised
from grader.model.result import Diagnosis, Result, Shown, Tolerance, Worst
from grader.model.submission import Message, Submission
from grader.model.value import array
from grader.report import DiagnosisText
from tests.pages.browser import CANARY
from tests.report.samples import CAPTURE, RESULT, SUBMISSION, finding, png

RUN = "__ran=1;alert(1)"
BASE64_SCRIPT = "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="
SVG_SCRIPT = "<svg xmlns='http://www.w3.org/2000/svg'><script>__ran=1</script></svg>"

LIVE: Mapping[str, str] = {
    "script": f"<script>{RUN}</script>",
    "closing tags": "</code></pre></td></tr></table></div></section></main></body></html>"
    f"<script>{RUN}</script>",
    "style closed": f"</style><script>{RUN}</script>",
    "title closed": f"</title><script>{RUN}</script>",
    "comment closed": f"--><script>{RUN}</script><!--",
    "attribute left": f'"><img src=x onerror="{RUN}">',
    "single quotes left": f"'><img src=x onerror='{RUN}'>",
    "event of an image": f"<img src=data:, onerror={RUN}>",
    "picture asked for": f"<img src={CANARY}pixel.png>",
    "srcset": f"<img srcset='{CANARY}pixel.png 1x'>",
    "svg onload": f"<svg onload={RUN}></svg>",
    "svg animation": f"<svg><animate onbegin={RUN} attributeName=x dur=1s></svg>",
    "svg image": f"<svg><image href='{CANARY}x.png'/></svg>",
    "svg script": f"<svg><script>{RUN}</script></svg>",
    "svg style": f"<svg><style>@import '{CANARY}x.css'</style></svg>",
    "iframe with a document": f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    "iframe elsewhere": f"<iframe src={CANARY}></iframe>",
    "object and embed": f"<object data='{CANARY}'></object><embed src='{CANARY}'>",
    "meta refresh": f'<meta http-equiv="refresh" content="0;url={CANARY}">',
    "meta refresh to a script": '<meta http-equiv="refresh" content="0;url=data:text/html,'
    f'<script>{RUN}</script>"><img src={CANARY}>',
    "stylesheet": f"<link rel=stylesheet href={CANARY}x.css>",
    "preload": f"<link rel=preload as=image href={CANARY}x.png>",
    "style rule with an address": f"<style>body{{background:url({CANARY}x.png)}}</style>",
    "style attribute with an address": f"<p style='background:url({CANARY}x.png)'>x</p>",
    "focus": f"<input autofocus onfocus={RUN}>",
    "details": f"<details open ontoggle={RUN}>x</details>",
    "video": f"<video><source onerror={RUN} src=x></video>",
    "body": f"<body onpageshow={RUN}>",
    "frameset mutation": f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    "mathml mutation": "<math><mtext><table><mglyph><style><!--</style>"
    f"<img title='--&gt;&lt;img src=1 onerror={RUN}&gt;'><img src=x onerror={RUN}>",
    "unquoted slash": f"<img/src=x/onerror={RUN}//",
    "upper case": f"<SCRIPT>{RUN}</SCRIPT>",
    "template": f"<template></template><script>{RUN}</script>",
}

CLICKED: Mapping[str, str] = {  # nothing happens until somebody clicks, moves or prints
    "mouse over": f'<p onmouseover="{RUN}">x</p>" onmouseover="{RUN}',
    "link to a script": f'<a href="javascript:{RUN}">your mark</a>',
    "link to a script, disguised": f'<a href="java&#10;script:{RUN}">x</a>',
    "link to a document": f'<a href="{BASE64_SCRIPT}">x</a>',
    "link that pings": f'<a href="#exercise-1" ping="{CANARY}">x</a>',
    "svg link": f'<svg><a xlink:href="javascript:{RUN}"><text>x</text></a></svg>',
    "markdown link": f"[your mark](javascript:{RUN}) [x]({BASE64_SCRIPT})",
    "markdown picture": f"![mark]({CANARY}pixel.png) ![x][1]\n\n[1]: {CANARY}x.png",
    "markdown autolink": f"<javascript:{RUN}> <{CANARY}> {CANARY} www.canary.invalid",
    "markdown html": f"`</code><script>{RUN}</script>` **<img src=x onerror={RUN}>**",
    "latex": rf"$\href{{javascript:{RUN}}}{{x}}$ $$\url{{{CANARY}}} \includegraphics{{{CANARY}}}"
    rf"\htmlData{{x=1}}{{y}} \def\x{{\x}}\x$$ \(\require{{html}}\)",
    "form": f"<form action={CANARY}><input name=password><button>Show mark</button></form>",
    "base": f'<base href="{CANARY}">',
    "dialog": "<dialog open style='position:fixed;inset:0'>10 / 10</dialog>",
}

LOOKS: Mapping[str, str] = {  # CSS and HTML that hides, moves or imitates marks
    "style that hides": "<style>.marks,.score,.check,header,nav{display:none!important}</style>",
    "style closed, then hides": "</style><style>*{visibility:hidden!important}</style>",
    "style that imitates": "<style>.score::after,.num::after{content:' 10 / 10'}</style>",
    "a rule alone": "}*{display:none!important}.score::after{content:'10'}/*",
    "marks in front": "<div style='position:fixed;inset:0;background:#fff;z-index:9'>10 / 10</div>",
    "a row of its own": '</p></div></li><li class="check passed"><p class="line">'
    '<strong>All</strong> <span class="num">10 / 10</span></p></li>',
    "a score of its own": '<p class="score"><strong>10</strong><span>/ 10</span></p>',
    "ids of the page": '<a id="exercise-1"></a><a name="exercise-2"></a><i id=e1-c1></i>'
    '<img name="body"><form id="location"></form>',
    "clobbering": "<a id=document name=querySelectorAll></a><img name=getElementById id=axe>",
    "swallowing": "<plaintext><textarea><xmp><title><!-- <select><option>",
    "unclosed": '<a href="<table><tr><td title="',
    "signs of the page": "✓ Passed 10 / 10   ✗ Failed ▁▂▃▄▅▆▇█ ⬛⬜",
}

TEXT: Mapping[str, str] = {  # no markup, and trouble all the same
    "bidirectional override": "access = 'user\u202e \u2066// only\u2069 \u2066' 01 / 0\u202e",
    "bidirectional isolates": "\u2067\u2068\u202a\u202b\u202d\u061c\u200e\u200f",
    "right to left": "\u05e9\u05dc\u05d5\u05dd 10 / 0 \u0645\u0631\u062d\u0628\u0627 5 / 1",
    "zero width": "pa\u200byp\ufeffal\u00ad\u2060\U000e0041\U000e0001",
    "ansi": "\x1b[31mred\x1b[0m\x1b]8;;https://canary.invalid\x1b\\x\x1b]8;;\x1b\\\x1b[2J\x9b31m",
    "ansi with html": f"\x1b[1m<script>{RUN}</script>\x1b[0m\x1b]0;<title>\x07",
    "null bytes": f"\x00\x00<scr\x00ipt>{RUN}</scr\x00ipt>\x01\x08\x0b\x0c\x7f\x85\r",
    "line separators": f"x\u2028<script\u2028>{RUN}</script>\u2029",
    "lone surrogates": "\ud800\udfff \udc80 \ud83d",
    "stacked marks": "e" + "\u0301\u0302\u0303" * 5000,
    "10 MB line": "A" * 10_000_000,
    "10 MB of tags": "<b>" * 3_400_000,
    "a million lines": "x\n" * 1_000_000,
    "brackets": "(" * 300_000,
    "backticks": "`" * 50_000 + "*_[" * 50_000,
    "backslashes": "\\" * 300_000 + '"',
    "entities": f"&lt;script&gt;{RUN}&lt;/script&gt; &#60;img src=x onerror={RUN}&#62; &amp;amp;",
    "utf-7": "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "wide brackets": f"＜script＞{RUN}＜/script＞ \u02c2script\u02c3",
    "jinja": "{{ 7*7 }}{% for x in y %}{{ config.__class__.__mro__ }}{# #}",
    "format": "{value.__class__.__init__.__globals__} {0} %s ${HOME} %(x)s {type}",
    "private characters": "\ue000\uf8ff\U000f0000 \ufff9a\ufffab\ufffb",
    "data address": BASE64_SCRIPT + f" data:image/svg+xml,{SVG_SCRIPT}",
    "cdata": f"<![CDATA[ <script>{RUN}</script> ]]> <?php ?> <!DOCTYPE x [<!ENTITY y SYSTEM 'z'>]>",
}
CASES: Mapping[str, str] = {**LIVE, **CLICKED, **LOOKS, **TEXT}

# Bytes that a kernel may call a PNG.
PICTURES: Mapping[str, bytes] = {
    "an SVG": SVG_SCRIPT.encode(),
    "HTML": f"<script>{RUN}</script>".encode(),
    "a PNG with HTML behind it": png(8, 8) + f"<script>{RUN}</script>".encode(),
    "a PNG too large to unpack": png(8, 8)[:16] + b"\x00\x0f\xff\xff" * 2 + png(8, 8)[24:],
    "the beginning of a PNG": png(8, 8)[:20],
    "nothing": b"",
}

_PARAMS = (
    "value", "cell", "function", "inputs", "name", "type", "text", "drawn", "chosen", "options",
    "exercise", "needs", "actual", "expected", "why", "kind", "status", "file", "line",
)  # fmt: skip
_FOUND = (
    ("check.value.differs", "failed"),
    ("check.value.after_error", "missing"),
    ("check.call.raised", "failed"),
    ("check.choice.wrong", "failed"),
    ("check.value.shape", "failed"),
    ("check.passed", "passed"),
)
WORDS = {"folk": DiagnosisText("**{value}** is `{value}`\n\n    {value}\n", "About {value}")}


def infested(text: str) -> tuple[Result, Submission, Capture]:
    """A report that says `text` wherever a student has a say; marks and titles are the course's."""
    params = dict.fromkeys(_PARAMS, text)
    value = Shown(text, text, (1,), (text,), 1)
    checks = tuple(
        finding(
            f"c{at}", status, Message(id, params), expected=value,
            actual=replace(value, kind="text", dtype=None, shape=()),
            tolerance=Tolerance(1.0, None, "elementwise", 1.0, 0.0, 0.0, text),
            worst=Worst((0,), 3.0), cell=at % 2, line=1, title={"en": f"Check {at}"},
        )
        for at, (id, status) in enumerate(_FOUND)
    )  # fmt: skip
    exercises = (
        replace(
            RESULT.exercises[1], title={"en": "Backward, twice"}, checks=checks, score=1.0,
            max_score=6.0, status="partial", diagnoses=(Diagnosis("folk", 0.9, ("c0",), params),),
        ),
        RESULT.exercises[0],
    )  # fmt: skip
    result = replace(
        RESULT, audience="student", student=text, exercises=exercises, score=4.0, max_score=9.0,
        notices=(Message("notice.cell-missing", params), Message("notice.cell-duplicated", params)),
    )  # fmt: skip
    cells = tuple(
        replace(cell, source=text, exercise=exercises[0].id, name=text, locked=False)
        for cell in SUBMISSION.cells[:2]
    )
    curve = Curve(array([0.0, 1.0]), array([0.0, 1.0]), text)
    seen = replace(
        CAPTURE.cells[0], status="error", error=Raised(text, text, 1),
        warnings=(Raised(text, text, 1),),
        figures=(Figure((Axes((curve, curve), text, text, text, (text,)),)),),
        outputs=tuple(
            Output(kind, text) for kind in ("stdout", "stderr", "result", "error")
        ),
    )  # fmt: skip
    capture = replace(CAPTURE, cells=(seen, replace(seen, cell=1)))
    return result, replace(SUBMISSION, cells=cells), capture


def pictured(picture: bytes) -> tuple[Result, Submission, Capture]:
    """A harmless report but for one picture."""
    result, submission, capture = infested("x")
    shown = replace(capture.cells[0], figures=(), outputs=(Output("image", png=picture),))
    return result, submission, replace(capture, cells=(shown, capture.cells[1]))
