"""Questions to a keeper as messages of the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from safetensors.numpy import save

from grader.capture.store import Writer
from grader.model.plan import Call
from grader.model.value import Value


def calls(questions: Sequence[Call], *, seconds: float, wall: float) -> tuple[bytes, bytes]:
    """Ask for calls, one after the other: header and blob.

    Each may use `seconds` of CPU time, and `wall` seconds may pass.
    """
    writer = Writer()
    body = {
        "ask": "calls",
        "calls": [
            {
                "id": question.id,
                "function": question.function,
                "inputs": [[name, writer.value(item)] for name, item in question.inputs.items()],
                "cotangent": list(question.cotangent),
            }
            for question in questions
        ],
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
    last: bool,
) -> tuple[bytes, bytes]:
    """Ask for a second run of `cells` with `inputs` replacing names: header and blob.

    Its limits are those of a call. After the `last` question nothing can be asked.
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
        "last": last,
    }
    return json.dumps(body).encode(), save(writer.arrays)
