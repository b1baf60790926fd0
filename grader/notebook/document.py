"""A notebook's JSON, without its heavy parts, from hostile bytes.

Outputs, attachments and widget state are cut out of the bytes before anything is decoded or
parsed: 50 MB of stored outputs then cost one pass over the bytes, and no objects.
"""

from __future__ import annotations

import json
import re

from grader.errors import SubmissionError

MAX_REST = 32_000_000  # bytes that remain without outputs: 5 MB of source, six-fold escaped
MAX_NODES = 2_000_000  # objects and arrays that remain, at about 100 bytes each
MAX_STEPS = 4_000_000  # brackets stepped over in what is left out: about two seconds
MAX_DEPTH = 500

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_PLAIN = rb'[^"\[\]{}]++|' + _STRING
_INNERMOST = rb"[\[{](?:" + _PLAIN + rb")*+[\]}]"
# Everything up to a bracket that is not the whole of an innermost pair: C does nearly all the work.
_RUN = re.compile(rb"(?:" + _PLAIN + rb"|" + _INNERMOST + rb")*+", re.DOTALL)
# In JSON a quote inside a string is escaped, so these bytes can only be a key.
_HEAVY = re.compile(rb'"(?:outputs|attachments|widgets)"\s*+:\s*+(?=[\[{])')


def slim(data: bytes) -> tuple[bytes, int]:
    """`data` with empty outputs, attachments and widget state, and how many bytes that saved."""
    pieces: list[bytes] = []
    position, steps = 0, MAX_STEPS
    while match := _HEAVY.search(data, position):
        start = match.end()
        end, steps = _after_value(data, start, steps)
        if end is None:  # never closed, or unlike any output: parsing has the last word
            break
        pieces += [data[position:start], b"[]" if data[start] == ord("[") else b"{}"]
        position = end
    pieces.append(data[position:])
    rest = b"".join(pieces)
    return rest, len(data) - len(rest)


def _after_value(data: bytes, start: int, steps: int) -> tuple[int | None, int]:
    """Where the array or object that begins at `start` ends, if it does, and the steps left."""
    depth, position = 0, start
    while position < len(data) and steps and depth < MAX_DEPTH:
        byte = data[position]
        if byte == 0x22:  # a string that never ends
            return None, steps
        depth += 1 if byte in b"[{" else -1
        position += 1
        steps -= 1
        if depth == 0:
            return position, steps
        run = _RUN.match(data, position)
        position = run.end() if run else position
    return None, steps


def parse(data: bytes, name: str) -> tuple[object, int]:
    """The JSON in `data`, heavy parts left out, and how many bytes they had.

    Raises:
        SubmissionError: `input.empty`, `input.encoding`, `input.web-page`, `input.not-json`,
            `input.too-complex`.
    """
    rest, saved = slim(data)
    if len(rest) > MAX_REST or rest.count(b"[") + rest.count(b"{") > MAX_NODES:
        _decode(data, name)  # what is no text is better called so
        raise SubmissionError("input.too-complex", name=name)
    text = _decode(rest, name, data)
    if not text.strip():
        raise SubmissionError("input.empty", name=name)
    if text.lstrip()[:1] == "<":
        raise SubmissionError("input.web-page", name=name)
    try:
        return _loads(text), saved
    except json.JSONDecodeError as error:
        line, column = _place(data) if saved else (error.lineno, error.colno)
        raise SubmissionError("input.not-json", name=name, line=line, column=column) from error
    except RecursionError as error:
        raise SubmissionError("input.too-complex", name=name) from error


def _loads(text: str) -> object:
    return json.loads(text, parse_int=_integer, parse_constant=lambda _: None)


def _integer(text: str) -> int:
    return int(text) if len(text) < 20 else 0  # Python refuses more than 4300 digits


def _decode(data: bytes, name: str, whole: bytes | None = None) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if whole is not None and whole is not data:
            _decode(whole, name)
        raise SubmissionError("input.encoding", name=name, offset=error.start) from None


def _place(data: bytes) -> tuple[int, int]:
    """Where the uncut text stops being JSON."""
    try:
        _loads(data.decode("utf-8-sig", "replace"))
    except json.JSONDecodeError as error:
        return error.lineno, error.colno
    except RecursionError:
        pass
    return 1, 1
