"""Texts as HTML: the little Markdown that catalogs and misconceptions use, parameters inert.

A text is turned into HTML once and kept, with its places left open; parameters are put into these
places as text, so that no parameter becomes markup, a link or an attribute.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from grader.model.submission import Message
from grader.report.inert import RIGHT_TO_LEFT, visible
from grader.report.language import PLACE, Param, fill, filling, wording

TAGS = {"p", "em", "strong", "code", "pre", "ul", "ol", "li", "a", "bdi", "br", "blockquote"}
_OPEN, _CLOSE = "\ue000", "\ue001"  # around the name of a place; visible() lets none through
_MARKED = re.compile(f"{_OPEN}([A-Za-z_][A-Za-z0-9_]*){_CLOSE}")


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable(["image", "heading", "lheading"])


def sentence(message: Message, language: str) -> Markup:
    """A message as HTML inside a paragraph: `code` in backticks is marked up."""
    tongue, template = wording(message, language)
    return inline(template, message.params, tongue)


def inline(template: str, params: Mapping[str, Param], language: str) -> Markup:
    """A text of one line in Markdown, as HTML without a paragraph."""
    return _filled(_compiled(template[:2000], False), params, language)


def passage(template: str, params: Mapping[str, Param], language: str) -> Markup:
    """A text of one or more paragraphs in Markdown, as HTML."""
    return _filled(_compiled(template[:8000], True), params, language)


def paragraphs(template: str, params: Mapping[str, Param], language: str) -> list[str]:
    """A text in Markdown as plain paragraphs; emphasis is dropped, code keeps its lines."""
    plain = []
    for token in _markdown().parse(template[:8000]):
        if token.type in ("fence", "code_block"):
            plain += [f"    {line}" for line in token.content.rstrip().split("\n")]
        elif token.children is not None:
            plain.append("".join(_plain(child) for child in token.children))
    return [fill(paragraph, params, language) for paragraph in plain]


def _plain(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return f"`{token.content}`" if token.type == "code_inline" else token.content


@lru_cache(maxsize=4096)
def title_markup(text: str) -> Markup:
    """An author's title as HTML: only `code` in backticks is marked up."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without its other half
        return isolated(text)
    return Markup().join(
        Markup("<code>{}</code>").format(isolated(part)) if place % 2 else isolated(part)
        for place, part in enumerate(parts)
    )


def isolated(text: str) -> Markup:
    """`text`, visible and escaped, kept from reordering what stands around it."""
    safe = escape(visible(text))
    if text.isascii() or not RIGHT_TO_LEFT.search(text):
        return safe
    return Markup("<bdi>{}</bdi>").format(safe)


@lru_cache(maxsize=4096)
def _compiled(template: str, block: bool) -> tuple[str, ...]:
    """A text's HTML, cut at its places: HTML, name, HTML, name, … HTML."""
    markdown = _markdown()
    source = template.replace(_OPEN, "").replace(_CLOSE, "")
    tokens = markdown.parse(source) if block else markdown.parseInline(source)
    _mark(tokens)
    return tuple(_MARKED.split(_clean(str(markdown.renderer.render(tokens, markdown.options, {})))))


def _mark(tokens: Sequence[Token]) -> None:
    """Mark the places in text and code; those in an address or anywhere else stay as they are."""
    for token in tokens:
        if token.type in ("fence", "code_block", "code_inline", "text"):
            token.content = PLACE.sub(f"{_OPEN}\\1{_CLOSE}", token.content)
            token.info = ""
        _mark(token.children or ())


def _filled(parts: Sequence[str], params: Mapping[str, Param], language: str) -> Markup:
    if len(parts) == 1:
        return Markup(parts[0])
    return Markup(
        "".join(
            isolated(filling(part, params, language)) if place % 2 else part
            for place, part in enumerate(parts)
        )
    )


def _https(tag: str, attribute: str, value: str) -> str | None:
    return safe_link(value) or None if (tag, attribute) == ("a", "href") else None


def safe_link(address: str) -> str:
    """`address` where it is an https one, else ""."""
    clean = address.strip()
    return clean if clean.startswith("https://") and clean.isprintable() else ""


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        attribute_filter=_https,
        url_schemes={"https"},
        link_rel="noopener noreferrer",
    )
