"""Validates plain data against the frozen dataclasses of the model; errors become problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from grader.errors import Problem
from grader.model import exercise as model

T = TypeVar("T")

KINDS: Mapping[str, type] = {
    "tensor": model.TensorCheck,
    "call": model.CallCheck,
    "event": model.EventCheck,
    "figure": model.FigureCheck,
    "source": model.SourceCheck,
    "choice": model.ChoiceCheck,
}

_EXPECTED: Mapping[str, str] = {
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "text",
    "tuple_type": "a list",
    "dict_type": "a table",
    "mapping_type": "a table",
    "dataclass_type": "a table",
}
"""What pydantic's types of error mean to somebody who writes TOML."""

_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def adapter(kind: type[T]) -> TypeAdapter[T]:
    """The pydantic adapter of a dataclass, built once."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def build(kind: type[T], document: Mapping[str, Any], name: str) -> tuple[T | None, list[Problem]]:
    """`document` as a `kind`, with its checks built one by one so that an error names its check."""
    data = dict(document)
    problems: list[Problem] = []
    checks: list[Any] = []
    if kind is model.Exercise:
        tables = data.get("checks", [])
        if not isinstance(tables, list):
            problems.append(Problem(name, "checks", "a list of [[checks]] tables", repr(tables)))
            tables = []
        for index, table in enumerate(tables):
            check, more = _check(table, index, name)
            problems += more
            checks += [] if check is None else [check]
        data["checks"] = ()
    try:
        built = adapter(kind).validate_python(data)
    except ValidationError as error:
        return None, problems + _problems(error, kind, name, "")
    if isinstance(built, model.Exercise):
        built = replace(built, checks=tuple(checks))
    return built, problems


def _check(table: Any, index: int, name: str) -> tuple[Any, list[Problem]]:
    label = f"checks[{index}]"
    if not isinstance(table, Mapping):
        return None, [Problem(name, label, "a table", repr(table))]
    label = f"checks.{table.get('id', index)}"
    kind = KINDS.get(str(table.get("kind")))
    if kind is None:
        return None, [
            Problem(name, f"{label}.kind", f"one of {', '.join(KINDS)}", repr(table.get("kind")))
        ]
    try:
        return adapter(kind).validate_python(dict(table)), []
    except ValidationError as error:
        return None, _problems(error, kind, name, f"{label}.")


def _problems(error: ValidationError, kind: Any, name: str, prefix: str) -> list[Problem]:
    problems = []
    for detail in error.errors(include_url=False):
        key = prefix + ".".join(str(part) for part in detail["loc"] if part != "function-after")
        if detail["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
            problems.append(Problem(name, key, _known(kind, detail["loc"]), "an unknown key"))
        elif detail["type"] in ("missing", "missing_argument", "missing_keyword_only_argument"):
            problems.append(Problem(name, key, "a value", "nothing"))
        else:
            found = repr(detail["input"])
            problems.append(Problem(name, key, _expected(detail), found[:80]))
    return problems


def _expected(detail: Any) -> str:
    if detail["type"] == "literal_error":
        return f"one of {detail['ctx']['expected']}"
    return _EXPECTED.get(detail["type"], detail["msg"])


def _known(kind: Any, place: tuple[int | str, ...]) -> str:
    """What a key should be: one that is spelled much like it, where there is one."""
    known = [field.name for field in fields(kind)] if len(place) == 1 else []
    near = get_close_matches(str(place[-1]), known, n=1)
    return f"a key of the format, perhaps {near[0]}" if near else "a key of the format"
