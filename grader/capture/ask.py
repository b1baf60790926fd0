"""Questions to a keeper as messages of the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from safetensors.numpy import save

from grader.capture.store import Writer
from grader.model.value import Value


def call(
    id: str,
    function: str,
    inputs: Mapping[str, Value],
    cotangent: Sequence[float],
    *,
    seconds: float,
    wall: float,
) -> tuple[bytes, bytes]:
    """Ask for a call of `function`: header and blob.

    It may use `seconds` of CPU time, and `wall` seconds may pass.
    """
    writer = Writer()
    body = {
        "ask": "call",
        "id": id,
        "function": function,
        "inputs": [[name, writer.value(item)] for name, item in inputs.items()],
        "cotangent": list(cotangent),
        "seconds": seconds,
        "wall": wall,
    }
    return json.dumps(body).encode(), save(writer.arrays)


def rerun(
    id: str,
    cells: Sequence[str],
    replace_after: int,
    inputs: Mapping[str, Value],
    *,
    seconds: float,
    wall: float,
) -> tuple[bytes, bytes]:
    """Ask for a second run of `cells` with `inputs` replacing names: header and blob.

    Its limits are those of `call`.
    """
    writer = Writer()
    body = {
        "ask": "rerun",
        "id": id,
        "cells": list(cells),
        "replace_after": replace_after,
        "inputs": {name: writer.value(item) for name, item in inputs.items()},
        "seconds": seconds,
        "wall": wall,
    }
    return json.dumps(body).encode(), save(writer.arrays)
