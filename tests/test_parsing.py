"""Many threads parse at once, as those of a batch do; what is said of a tree is what `ast` says."""

from __future__ import annotations

import ast
import gc
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader import parsing
from grader.parsing import nodes_of, parse

SMALL = "x = [1, 2]\ny = f(x)[0] + 1"
LARGE = f"x = [{', '.join(['1'] * parsing.MANY)}]"
SOURCE = "x = " + "(" * 60 + "1" + " + 1)" * 60


class Slow:
    """Garbage that runs Python when it is collected: threads may take turns there."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        for _ in range(20):
            pass


@pytest.fixture
def hasty() -> Iterator[None]:
    """Garbage is collected while a tree is built, and threads take turns as often as they can."""
    before, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50)
    yield
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(before)


def failures(parser: Callable[[str], ast.AST]) -> int:
    def one(source: str) -> bool:
        for _ in range(3):
            Slow()
        try:
            parser(source)
        except SystemError:
            return True
        return False

    with ThreadPoolExecutor(4) as threads:
        return sum(threads.map(one, [SOURCE] * 1000))


def test_threads_that_parse_at_once_all_get_their_tree(hasty: None) -> None:
    assert failures(parse) == 0


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="mended in Python 3.13")
def test_without_it_they_do_not(hasty: None) -> None:
    assert failures(ast.parse) > 0


def test_an_expression_by_itself() -> None:
    assert isinstance(parse("1 + 1", mode="eval").body, ast.BinOp)
    with pytest.raises(SyntaxError):
        parse("1 +", mode="eval")


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
