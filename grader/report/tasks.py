r"""The task of an exercise as HTML: the prompt that was released, formulas as MathML.

Formulas stand between dollar signs, as in notebooks: `$x^2$`, and `$$…$$` on lines of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from xml.etree import ElementTree

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape
from mdit_py_plugins.dollarmath import dollarmath_plugin

from grader.languages import known
from grader.model.exercise import Exercise
from grader.report.inert import visible
from grader.report.prose import TAGS, safe_link

LIMIT = 20_000  # characters of a prompt
HEADING = "h4"  # all of a prompt's headings: it stands below an exercise's
_TABLE = {"table", "thead", "tbody", "tr", "th", "td", HEADING, "hr"}
_OPEN, _CLOSE = "\ue000", "\ue001"
_MATH = re.compile(
    "math|mrow|mi|mo|mn|ms|mtext|mspace|msup|msub|msubsup|mfrac|msqrt|mroot|mover|munder|munderover"
    "|mtable|mtr|mtd|mstyle|mpadded|mphantom|menclose|mmultiscripts|mprescripts|none"
)
_ATTRIBUTES = re.compile(
    "display|displaystyle|scriptlevel|stretchy|fence|separator|form|mathvariant|columnalign"
    "|linethickness|width|lspace|rspace|accent|accentunder|minsize|maxsize|movablelimits|notation"
)


def task(exercise: Exercise, language: str) -> Markup:
    """The prompts of an exercise's cells, in order; "" where it has none."""
    prompts = exercise.prompts.get(known(language)) or exercise.prompts.get("en") or {}
    names = dict.fromkeys(["", *(cell.name for cell in exercise.cells), *prompts])
    return _html("\n\n".join(prompts[name] for name in names if name in prompts)[:LIMIT])


@lru_cache(maxsize=512)
def _html(source: str) -> Markup:
    markdown = _markdown()
    tokens = markdown.parse(visible(source))
    formulas: list[str] = []
    _prepare(tokens, formulas)
    html = nh3.clean(
        str(markdown.renderer.render(tokens, markdown.options, {})),
        tags=TAGS | _TABLE,
        attributes={"a": {"href"}},
        attribute_filter=_https,
        url_schemes={"https"},
        link_rel="noopener noreferrer",
    )
    for place, formula in enumerate(formulas):
        html = html.replace(f"{_OPEN}{place}{_CLOSE}", formula)
    return Markup(html.strip())


@cache
def _markdown() -> MarkdownIt:
    plain = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    return plain.use(dollarmath_plugin, double_inline=True, allow_space=False, allow_digits=False)


def _prepare(tokens: Sequence[Token], formulas: list[str]) -> None:
    """Headings of one level; formulas kept aside, with a sign in their places."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = HEADING
        if token.type.startswith("math_"):
            block = token.type != "math_inline"
            sign = f"{_OPEN}{len(formulas)}{_CLOSE}"
            formulas.append(mathml(token.content, block=block))
            token.content = f"<p>{sign}</p>" if token.type.startswith("math_block") else sign
            token.type = "html_block" if token.type.startswith("math_block") else "html_inline"
        _prepare(token.children or (), formulas)


def mathml(tex: str, *, block: bool = False) -> str:
    """A formula as MathML that names nothing but mathematics; its TeX as code if that fails."""
    from latex2mathml.converter import convert  # noqa: PLC0415 - most prompts have no formula

    try:
        root = ElementTree.fromstring(convert(tex, display="block" if block else "inline"))
    except Exception:  # whatever the converter says of what it does not know
        return f"<code>{escape(visible(tex))}</code>"
    made = _element(root)
    return made if made is not None else f"<code>{escape(visible(tex))}</code>"


def _element(node: ElementTree.Element) -> str | None:
    """The element without what is not on the lists; None where an element is not."""
    tag = node.tag.rpartition("}")[2]
    if _MATH.fullmatch(tag) is None:
        return None
    parts = [str(escape(visible(node.text or "")))]
    for child in node:
        inner = _element(child)
        if inner is None:
            return None
        parts += [inner, str(escape(visible(child.tail or "")))]
    attributes = "".join(
        f' {name}="{escape(value)}"' for name, value in node.items() if _ATTRIBUTES.fullmatch(name)
    )
    return f"<{tag}{attributes}>{''.join(parts)}</{tag}>"


def _https(tag: str, attribute: str, value: str) -> str | None:
    return safe_link(value) or None if (tag, attribute) == ("a", "href") else None
