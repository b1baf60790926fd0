"""Texts as HTML: the little Markdown that catalogs and misconceptions use, parameters inert.

Parameters are put in after Markdown has been parsed, as text, so that no parameter becomes markup,
a link or an attribute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from grader.model.submission import Message
from grader.report.inert import RIGHT_TO_LEFT, visible
from grader.report.language import PLACE, Param, fill, filling, wording

TAGS = {"p", "em", "strong", "code", "pre", "ul", "ol", "li", "a", "bdi", "br", "blockquote"}


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable(["image", "heading", "lheading"])


def sentence(message: Message, language: str) -> Markup:
    """A message as HTML inside a paragraph: `code` in backticks is marked up."""
    tongue, template = wording(message, language)
    return inline(template, message.params, tongue)


def inline(template: str, params: Mapping[str, Param], language: str) -> Markup:
    """A text of one line in Markdown, as HTML without a paragraph."""
    return _clean(_filled(_markdown().parseInline(template[:2000]), params, language))


def passage(template: str, params: Mapping[str, Param], language: str) -> Markup:
    """A text of one or more paragraphs in Markdown, as HTML."""
    return _clean(_filled(_markdown().parse(template[:8000]), params, language))


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
    return Markup("<bdi>{}</bdi>").format(safe) if RIGHT_TO_LEFT.search(text) else safe


def _filled(tokens: Sequence[Token], params: Mapping[str, Param], language: str) -> str:
    for token in tokens:
        if token.type in ("fence", "code_block"):
            token.content = fill(token.content, params, language)
            token.info = ""
        if token.children is not None:
            token.children = [
                new for child in token.children for new in _replace(child, params, language)
            ]
    markdown = _markdown()
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _replace(token: Token, params: Mapping[str, Param], language: str) -> list[Token]:
    if token.type == "code_inline":
        token.content = fill(token.content, params, language)
    if token.type != "text" or not PLACE.search(token.content):
        return [token]
    pieces = PLACE.split(token.content)  # text, name, text, name, … text
    new = []
    for position, piece in enumerate(pieces):
        named = position % 2 == 1
        content = isolated(filling(piece, params, language)) if named else escape(piece)
        new.append(Token("html_inline", "", 0, content=str(content)))
    return new


def _https(tag: str, attribute: str, value: str) -> str | None:
    return safe_link(value) or None if (tag, attribute) == ("a", "href") else None


def safe_link(address: str) -> str:
    """`address` where it is an https one, else ""."""
    clean = address.strip()
    return clean if clean.startswith("https://") and clean.isprintable() else ""


def _clean(html: str) -> Markup:
    return Markup(
        nh3.clean(
            html,
            tags=TAGS,
            attributes={"a": {"href"}},
            attribute_filter=_https,
            url_schemes={"https"},
            link_rel="noopener noreferrer",
        )
    )
