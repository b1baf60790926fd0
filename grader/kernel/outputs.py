"""A cell's outputs as nbclient collected them, made small and typed."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from grader.model.observation import Output

_PNG = b"\x89PNG\r\n\x1a\n"
_MAX_TEXT = 20_000
_MAX_PNG = 1 << 20
_MAX_OUTPUTS = 50


def outputs_of(raw: Sequence[Mapping[str, Any]]) -> tuple[Output, ...]:
    """The first outputs of a cell: text cut to 20,000 characters each, streams joined, PNG only."""
    kept: list[Output] = []
    for item in raw:
        for output in _convert(item):
            if kept and output.kind in ("stdout", "stderr") and kept[-1].kind == output.kind:
                kept[-1] = Output(output.kind, (kept[-1].text + output.text)[:_MAX_TEXT])
            elif len(kept) < _MAX_OUTPUTS:
                kept.append(output)
    return tuple(kept)


def _text(content: object) -> str:
    if isinstance(content, list):
        content = "".join(part for part in content if isinstance(part, str))
    text = content if isinstance(content, str) else ""
    # a lone surrogate can be read from JSON but not written as UTF-8
    return text[:_MAX_TEXT].encode("utf-8", "replace").decode("utf-8")


def _convert(item: Mapping[str, Any]) -> list[Output]:
    kind = item.get("output_type")
    if kind == "stream":
        name = "stderr" if item.get("name") == "stderr" else "stdout"
        return [Output(name, _text(item.get("text")))]  # type: ignore[arg-type]
    if kind == "error":
        lines = item.get("traceback")
        text = "\n".join(_text(line) for line in lines[:200]) if isinstance(lines, list) else ""
        head = f"{_text(item.get('ename'))}: {_text(item.get('evalue'))}"
        return [Output("error", (text or head)[:_MAX_TEXT])]
    data = item.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, Mapping):
        return []
    picture = _png(data.get("image/png"))
    if picture:
        return [Output("image", _text(data.get("text/plain"))[:200], picture)]
    if "text/plain" in data:
        return [Output("result", _text(data["text/plain"]))]
    return []


def _png(encoded: object) -> bytes:
    if not isinstance(encoded, str) or len(encoded) > _MAX_PNG * 4 // 3 + 4:
        return b""
    try:
        picture = base64.b64decode(encoded)
    except (binascii.Error, ValueError):
        return b""
    return picture if picture.startswith(_PNG) else b""
