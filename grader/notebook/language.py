"""Which programming language a notebook is in, by what it says about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

# Kernel names are whatever a student called an environment (`d2l`, `deeplearning`), so only names
# that no environment of Python would have speak against it.
_OTHER_KERNELS = re.compile(
    r"ir|julia(-.*)?|octave|xcpp.*|scala.*|almond|bash|javascript|jslab|tslab|deno|rust|evcxr"
    r"|ihaskell|\.net-.*|kotlin|gophernotes|sql|stata|matlab.*|ruby|perl|java|maxima|wolfram.*"
)


def other_language(metadata: Mapping[str, Any], cells: list[Any]) -> tuple[str | None, bool]:
    """(another language, whether anything was said at all); None for Python or silence."""
    said = list(_said(metadata, cells))
    if not said or any(_python(language) for language in said):
        return None, bool(said)
    return "".join(c for c in said[0] if c.isprintable())[:40], True


def _said(metadata: Mapping[str, Any], cells: list[Any]) -> Iterator[str]:
    for key, field in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(key)
        language = part.get(field) if isinstance(part, Mapping) else None
        if isinstance(language, str) and language.strip():
            yield language.strip()
    spec = metadata.get("kernelspec")
    kernel = spec.get("name") if isinstance(spec, Mapping) else None
    if isinstance(kernel, str) and (_python(kernel) or _OTHER_KERNELS.fullmatch(kernel.lower())):
        yield kernel
    if isinstance(metadata.get("language"), str):  # nbformat 2 and 3 in the wild
        yield metadata["language"]
    for cell in cells:  # nbformat 3 says it in each code cell
        if isinstance(cell, Mapping) and isinstance(cell.get("language"), str):
            yield cell["language"]


def _python(language: str) -> bool:
    return "python" in language.lower()
