"""Only NaN was looked for, not infinities."""

from __future__ import annotations

import ast

from grader.diagnose.code import Function, calls
from grader.diagnose.facts import Facts
from grader.diagnose.verdicts import verdicts
from grader.model.result import Diagnosis
from grader.parsing import nodes_of

_LIMITS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_LARGE = 1000


def match(facts: Facts) -> Diagnosis | None:
    """A function that is to notice useless numbers is wrong, and asks for NaN alone."""
    for verdict in verdicts(facts):
        asks = list(calls(verdict.function, "isnan"))
        if asks and not _asks_for_more(verdict.function):
            params = {"code": verdict.cell.line(asks[0].lineno)}
            return Diagnosis("infinity-overlooked", 0.92, (verdict.check,), params)
    return None


def _asks_for_more(function: Function) -> bool:
    """Whether a function looks for infinities too: by name, by comparing, or by a limit."""
    if any(calls(function, "isfinite", "isinf", "isposinf", "isneginf", "nan_to_num")):
        return True
    for node in nodes_of(function):
        name = getattr(node, "id", getattr(node, "attr", getattr(node, "value", None)))
        if isinstance(name, str) and name.strip("+- ").casefold() in ("inf", "infty", "infinity"):
            return True
        if isinstance(node, ast.Compare) and any(isinstance(how, _LIMITS) for how in node.ops):
            sides = (node.left, *node.comparators)
            if not any(_small(side) for side in sides):
                return True
    return False


def _small(node: ast.expr) -> bool:
    """Whether a number is none that only an infinity goes beyond."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, int | float):
        return False
    return abs(node.value) < _LARGE
