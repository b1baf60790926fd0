"""Python's parser, for one thread at a time; and what stands in a tree."""

from __future__ import annotations

import ast
import threading
from functools import lru_cache
from typing import Literal, overload

MANY = 4000
_TURN = threading.RLock()  # garbage collected meanwhile may run anything


@overload
def parse(source: str, mode: Literal["exec"] = "exec") -> ast.Module: ...
@overload
def parse(source: str, mode: Literal["eval"]) -> ast.Expression: ...
def parse(source: str, mode: Literal["exec", "eval"] = "exec") -> ast.AST:
    """`ast.parse`, which in Python 3.11 and 3.12 fails when two threads parse at once.

    They count their recursion in one place (python/cpython#106905): now and then one of them raises
    `SystemError: AST constructor recursion depth mismatch`.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as `ast.parse`.
    """
    with _TURN:
        return ast.parse(source, mode=mode)


def nodes_of(tree: ast.AST) -> tuple[ast.AST, ...]:
    """The node and all below, as `ast.walk` gives them; for trees that nobody changes.

    They are remembered, unless they are very many: more than a hundred matchers look at the same
    trees.
    """
    try:
        return _remembered(tree)
    except _ManyError as many:
        return many.nodes


class _ManyError(Exception):
    """So many nodes that a cache should not hold them; an exception is not remembered."""

    def __init__(self, nodes: tuple[ast.AST, ...]) -> None:
        super().__init__(len(nodes))
        self.nodes = nodes


@lru_cache(maxsize=1024)
def _remembered(tree: ast.AST) -> tuple[ast.AST, ...]:
    nodes = tuple(ast.walk(tree))
    if len(nodes) > MANY:
        raise _ManyError(nodes)
    return nodes
