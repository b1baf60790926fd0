"""The functions of a reference file and their parameters, read without running it."""

from __future__ import annotations

import ast
from pathlib import Path


def functions(path: Path) -> dict[str, tuple[str, ...]]:
    """Public top-level functions of a reference file → their parameter names, in order.

    Names that start with an underscore are helpers. Parameters are roles, so `*args` and
    `**kwargs` name none and are left out.

    Raises:
        OSError: the file cannot be read.
        SyntaxError: it is no Python, or not UTF-8; `filename` and `lineno` say where.
    """
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except ValueError as error:  # null bytes
        raise SyntaxError(str(error), (str(path), 1, 1, "")) from error
    return {
        node.name: tuple(
            parameter.arg
            for parameter in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        )
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }
