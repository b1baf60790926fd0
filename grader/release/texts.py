"""What a released notebook says besides the authors' prompts; one file a language beside this one.

A file's first part is the text at the top; `<!-- NAME -->` on a line of its own starts a part that
is used where it applies. `{param}` is filled in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_PART = re.compile(r"^<!--\s*(\w+)\s*-->\n", re.MULTILINE)
_PARAM = re.compile(r"\{(\w+)\}")
DEFAULT = "en"


def chain(language: str) -> tuple[str, ...]:
    """The languages to look in: this one, without its region, English."""
    return tuple(dict.fromkeys((language, re.split("[_-]", language)[0], DEFAULT)))


def choose(texts: Mapping[str, str], language: str) -> str | None:
    """The first text that is not empty, by `chain` and then in any language; None without one."""
    candidates = (*chain(language), *sorted(texts))
    return next((texts[key] for key in candidates if texts.get(key, "").strip()), None)


def part(language: str, name: str, **params: str) -> str:
    """A part of the texts in `language`, filled in; "" is the name of the first part."""
    available = {key: text for key in languages() if (text := _parts(key).get(name))}
    text = choose(available, language) or ""
    return _PARAM.sub(lambda match: params[match[1]], text)


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are texts in."""
    names = (file.name for file in (files("grader.release") / "texts").iterdir())
    return tuple(sorted(name[:-3] for name in names if name.endswith(".md")))


@cache
def _parts(language: str) -> Mapping[str, str]:
    text = (files("grader.release") / "texts" / f"{language}.md").read_text("utf-8")
    first, *rest = _PART.split(text)
    return {"": first.strip()} | {
        name: body.strip() for name, body in zip(rest[::2], rest[1::2], strict=True)
    }
