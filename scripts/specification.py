"""Writes docs/reference/specification.md from docstrings: `python scripts/specification.py`."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path
from typing import Any

from grader.model import exercise as model
from grader.spec.files import FROM_FILES

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "specification.md"
_HEAD = """\
# The specification of exercises and assignments

Written by `make docs` from `grader/model/exercise.py`; a test keeps it current. Keys that are not
listed are refused, with file, key, and what was expected. A complete example is
[exercises/backward-twice](../../exercises/backward-twice/exercise.toml); how to write one is
told in [For authors](../author.md).

Types: *text*, *number*, *whole number*, *yes or no* (`true`, `false`), *list of …*, and *table* (a
name for each value, such as a language). A key without a default must be given.
"""
# heading, class, keys that are read from other files or set by the loader
PARTS: tuple[tuple[str, type, tuple[str, ...]], ...] = (
    ("exercise.toml", model.Exercise, FROM_FILES),
    ("[roles]: what a reference's parameters stand for", model.Role, ()),
    ("[events]: which passes count", model.EventSelector, ()),
    ("[vary]: other inputs after the run", model.Vary, ()),
    ("How to draw a tensor", model.Draw, ()),
    ("[[checks]]: what every check has", model.CheckBase, ()),
    ('kind = "tensor"', model.TensorCheck, ()),
    ('kind = "call"', model.CallCheck, ()),
    ('kind = "event"', model.EventCheck, ()),
    ('kind = "figure"', model.FigureCheck, ()),
    ("The curves of a figure", model.ExpectedCurve, ()),
    ('kind = "source"', model.SourceCheck, ()),
    ('kind = "choice"', model.ChoiceCheck, ()),
    ("assignments/ID.toml", model.Assignment, ("id", "spec_hash")),
    ("[limits], of an assignment or in course.toml", model.Limits, ()),
)
# what is written otherwise in the file than the loaded data says
_WRITTEN = {(model.Assignment, "exercises"): "list of ids of exercises"}
_WORDS = {
    "str": "text", "float": "number", "int": "whole number", "bool": "yes or no",
    "Visibility": '`"public"`, `"after_due"`, `"hidden"`', "Check": "table, as below",
    "Limits": "table, as below",
}  # fmt: skip

_TABLES = {
    "Role": "[a role](#roles-what-a-references-parameters-stand-for)",
    "EventSelector": "[which passes](#events-which-passes-count)",
    "Vary": "[what is varied](#vary-other-inputs-after-the-run)",
    "Draw": "[how to draw](#how-to-draw-a-tensor)",
    "ExpectedCurve": "[a curve](#the-curves-of-a-figure)",
}
# where the docstring speaks of the loaded data, of which the file has a part
_PROSE = {
    model.Exercise: "Beside it lie `starter.py` (the cells, locked ones among them), "
    "`prompt.<language>.md`, and in `solutions/<id>/reference.py` the reference.",
    model.Assignment: "Exercises put together, in this order. `due` is a time (ISO 8601; in "
    "UTC where it names no zone, and a date alone lasts the day). `files` are companions that "
    "travel with the notebook. `preload` are modules, beside torch, NumPy and "
    "matplotlib, that nearly every answer imports: they are imported once, and not again by each "
    "notebook.",
}


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(_part(*part) for part in PARTS)]).rstrip() + "\n"


def keys(of: type, set_by_loader: tuple[str, ...]) -> list[dataclasses.Field[Any]]:
    """What an author may write, without what every check has (but of `CheckBase` itself)."""
    assert dataclasses.is_dataclass(of)
    inherited = model.CheckBase if of is not model.CheckBase else None
    base = inherited is not None and issubclass(of, inherited)
    shared = {one.name for one in dataclasses.fields(model.CheckBase)} if base else set()
    return [one for one in dataclasses.fields(of) if one.name not in shared | set(set_by_loader)]


def _part(heading: str, of: type, set_by_loader: tuple[str, ...]) -> str:
    fields = keys(of, set_by_loader)
    rows = [
        f"| `{one.name}` | {_WRITTEN.get((of, one.name)) or _type(str(one.type))} "
        f"| {_default(one)} |"
        for one in fields
    ]
    table = "\n".join(["| key | type | by default |", "|---|---|---|", *rows])
    prose = _PROSE.get(of) or _prose(inspect.getdoc(of) or "", [one.name for one in fields])
    return f"## {heading}\n\n{prose}\n\n{table}\n"


def _prose(doc: str, names: list[str]) -> str:
    """A docstring as Markdown: where a sentence begins with `key:`, an item of a list begins."""
    known = "|".join(map(re.escape, names))
    begins = re.compile(rf"(?:^|(?<=[.] ))((?:{known})(?:, (?:{known}))*): +")
    blocks = []
    for block in doc.split("\n\n"):
        joined = " ".join(block.split())
        pieces = begins.split(joined)
        if len(pieces) == 1:
            blocks.append(block)
            continue
        items = [pieces[0].strip()] if pieces[0].strip() else []
        for named, text in zip(pieces[1::2], pieces[2::2], strict=True):
            items.append(f"- `{named.replace(', ', '`, `')}`: {text.strip()}")
        blocks.append("\n".join(items))
    return "\n\n".join(blocks)


def _type(written: str) -> str:
    """An annotation in an author's words."""
    written = written.removesuffix(" | None")
    if written.startswith("Literal["):
        return ", ".join(f"`{word}`" for word in written[8:-1].replace("'", '"').split(", "))
    if written in _WORDS:
        return _WORDS[written]
    if written.startswith("Mapping[str, "):
        return f"table of {_type(written[13:-1])}"
    if len(either := _split(written, "|")) > 1:
        return " or ".join(map(_type, either))
    if written.startswith("tuple["):
        inner = _split(written[6:-1], ",")
        if inner[-1] == "...":
            return f"list of {_type(inner[0])}"
        return f"list of {len(inner)}: " + ", ".join(map(_type, inner))
    return f"table: {_TABLES[written]}"


def _split(written: str, separator: str) -> list[str]:
    """The parts between separators that are not inside brackets."""
    depth, parts = 0, [""]
    for letter in written:
        depth += (letter == "[") - (letter == "]")
        if letter == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def _default(one: dataclasses.Field[Any]) -> str:
    if one.name == "kind":
        return "must be given"
    if one.default_factory is not dataclasses.MISSING:
        return "none"
    if one.default is dataclasses.MISSING:
        return "must be given"
    if one.default is None or one.default == ():
        return "none"
    if isinstance(one.default, bool):
        return "`true`" if one.default else "`false`"
    if isinstance(one.default, model.Limits):
        return "those of `course.toml`"
    return f'`"{one.default}"`' if isinstance(one.default, str) else f"`{one.default:_}`"


if __name__ == "__main__":
    half = PAGE.with_suffix(".half")
    half.write_text(page(), "utf-8")
    half.replace(PAGE)
    print(f"{PAGE}: {len(PARTS)} tables")
