"""What is said of syntax trees is what `ast` says."""

from __future__ import annotations

import ast

from grader import parsing
from grader.parsing import nodes_of, parse

SMALL = "x = [1, 2]\ny = f(x)[0] + 1"
LARGE = f"x = [{', '.join(['1'] * parsing.MANY)}]"


def test_nodes_are_those_of_ast_walk() -> None:
    for source in (SMALL, LARGE):
        tree = parse(source)
        assert nodes_of(tree) == nodes_of(tree) == tuple(ast.walk(tree))


def test_a_large_tree_is_not_held() -> None:
    tree = parse(LARGE)
    parsing._remembered.cache_clear()
    assert len(nodes_of(tree)) > parsing.MANY
    assert parsing._remembered.cache_info().currsize == 0
    nodes_of(parse(SMALL))
    assert parsing._remembered.cache_info().currsize == 1
