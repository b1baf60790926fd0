"""The smallest change of a student's formula that makes it right, and what that change is called.

A formula that gives, by `formula`, the very numbers the student got is changed in one place at a
time; a change after which it gives what was expected in every trial names the mistake.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np

from grader.diagnose import formula, source
from grader.diagnose.arrays import Array, alike, array
from grader.diagnose.formula import Scope, Unknown
from grader.diagnose.source import Code
from grader.diagnose.trials import Trial
from grader.parsing import nodes_of, parse

_FACTORS = (2.0, 3.0, 4.0, 5.0, 0.5, 1 / 3, 0.25, 0.2, 1.5, 2 / 3, 0.75, 4 / 3, 10.0, 0.1)
_NUMBERS = (1, 2, 3, 4, 5, 6, 10, 0.5)
_LOGARITHMS = ("log2", "log10", "log1p")
_ENOUGH = 60_000  # steps of all formulas together


@dataclass(frozen=True, slots=True, eq=False)
class Repair:
    """A change that makes an answer right: its name, the trials, the code before and after."""

    id: str
    trials: tuple[Trial, ...]
    before: str
    after: str


def find(code: Code, answer: ast.AST | None, trials: list[Trial]) -> Repair | None:
    """The first change by which all trials of a check come out right; None where there is none.

    Args:
        code: for functions that the answer calls.
        answer: the assigned expression, or the function that was called.
        trials: of one check, at least one of them wrong.
    """
    if not isinstance(answer, ast.expr | ast.FunctionDef):
        return None
    wrong = [trial for trial in trials if not trial.right]
    if not wrong:
        return None
    functions = dict(code.functions())
    answer = next(
        (
            one
            for one in (_body(answer, functions), _spelled(answer, code, trials), answer)
            if all(alike(_given(one, trial, functions), trial.actual) for trial in trials)
        ),
        None,
    )
    if answer is None:
        return None
    names = sorted(wrong[0].inputs)[:8]
    work = 0
    for id, before, after, changed in _changes(answer, names, wrong[0], functions):
        scopes: list[Scope] = []
        fits = all(
            _fits(_given(changed, trial, functions, scopes), trial) for trial in (*wrong, *trials)
        )
        work += 20 + sum(scope.steps for scope in scopes)
        if work > _ENOUGH:
            return None
        if fits:
            return Repair(id, tuple(wrong), source.said(before), source.said(after))
    return None


def _body(
    answer: ast.expr | ast.FunctionDef, functions: Mapping[str, formula.Function]
) -> ast.expr | ast.FunctionDef:
    """The student's own function where the answer is a call of it with names like its own."""
    if not isinstance(answer, ast.Call) or not isinstance(answer.func, ast.Name):
        return answer
    function = functions.get(answer.func.id)
    passed = [one.id for one in answer.args if isinstance(one, ast.Name)]
    if not isinstance(function, ast.FunctionDef) or answer.keywords:
        return answer
    return function if passed == list(formula.parameters(function)) else answer


def _spelled(
    answer: ast.expr | ast.FunctionDef, code: Code, trials: list[Trial]
) -> ast.expr | ast.FunctionDef:
    """An expression with the lists in it that have a name written out: `stack(terms)`."""
    if isinstance(answer, ast.FunctionDef):
        return answer
    new: dict[int, ast.AST] = {}
    for node in nodes_of(answer):
        if isinstance(node, ast.Name) and all(node.id not in one.inputs for one in trials):
            made = code.assigned(node.id)
            if isinstance(made, ast.List | ast.Tuple):
                new[id(node)] = made
    return copy.deepcopy(answer, new) if new else answer


def _fits(value: Array | None, trial: Trial) -> bool:
    return value is not None and (
        alike(value, trial.expected)
        or (value.size == trial.expected.size == 1 and alike(value.ravel(), trial.expected.ravel()))
    )


def _given(
    answer: ast.expr | ast.FunctionDef,
    trial: Trial,
    functions: Mapping[str, formula.Function],
    scopes: list[Scope] | None = None,
) -> Array | None:
    function = isinstance(answer, ast.FunctionDef)
    scope = Scope({} if function else dict(trial.readable), functions)
    if scopes is not None:
        scopes.append(scope)
    try:
        if isinstance(answer, ast.FunctionDef):
            known = formula.parameters(answer)
            if not set(known) <= set(trial.inputs):
                return None
            value = formula.call(answer, {name: trial.inputs[name] for name in known}, scope)
        else:
            value = formula.evaluate(answer, scope)
    except Unknown:
        return None
    same = value.size == trial.actual.size and not function
    return value.reshape(trial.actual.shape) if same else value


Change = tuple[str, ast.AST, ast.AST, "ast.expr | ast.FunctionDef"]


def _changes(
    answer: ast.expr | ast.FunctionDef,
    names: list[str],
    trial: Trial,
    functions: Mapping[str, formula.Function],
) -> Iterator[Change]:
    """Formulas that differ from the answer in one place, the most telling changes first."""
    nodes = [node for node in nodes_of(answer) if isinstance(node, ast.expr)]
    for make in (_logarithm, _precedence, _reduction, _sign, _power, _product):
        for node in nodes:
            for id, new in make(node, names):
                yield id, node, new, _with(answer, node, new)
    for node in _results(answer):
        new = ast.UnaryOp(ast.USub(), node)
        yield "sign-flipped", node, new, _with(answer, node, new)
    addends = _addends(answer)
    for node in addends:
        for name in names:
            for factor in (1.0, 2.0, 3.0, 0.5):
                new = _times(_scaled(node, factor), ast.Name(name, ast.Load()))
                yield "missing-chain-factor", node, new, _with(answer, node, new)
    for node in addends:
        for factor in _FACTORS:
            new = _scaled(node, factor)
            yield "constant-factor", node, new, _with(answer, node, new)
    for node in _coefficients(addends):
        for number in (*_solved(answer, node, trial, functions), *_NUMBERS):
            new = ast.Constant(number)
            yield "constant-factor", node, new, _with(answer, node, new)
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            for new in _more(node, trial):
                yield "missing-term", node, new, _with(answer, node, new)
    for node in _results(answer):
        for name in names:
            for term in _terms(name):
                for operator in (ast.Add(), ast.Sub()):
                    new = ast.BinOp(node, operator, term)
                    yield "missing-term", node, new, _with(answer, node, new)


def _with(
    answer: ast.expr | ast.FunctionDef, node: ast.AST, new: ast.AST
) -> ast.expr | ast.FunctionDef:
    """The answer with another node in the place of one."""
    found = _replaced(answer, node, new)
    assert isinstance(found, ast.expr | ast.FunctionDef)
    return found


def _replaced(tree: ast.AST, node: ast.AST, new: ast.AST) -> ast.AST | None:
    """A tree with `new` for `node`, wherever it stands in it; None where it does not.

    It shares all that is not above it.
    """
    if tree is node:
        return new
    others: dict[str, Any] = {}
    for name, value in ast.iter_fields(tree):
        parts = value if isinstance(value, list) else [value]
        row = [_replaced(part, node, new) if isinstance(part, ast.AST) else None for part in parts]
        if any(one is not None for one in row):
            made = [part if one is None else one for part, one in zip(parts, row, strict=True)]
            others[name] = made if isinstance(value, list) else made[0]
    if not others:
        return None
    found = copy.copy(tree)
    for name, other in others.items():
        setattr(found, name, other)
    return found


def _logarithm(node: ast.expr, _: list[str]) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Call) and source.called(node) in _LOGARITHMS:
        yield "wrong-logarithm", _renamed(node, "log")


def _precedence(node: ast.expr, _: list[str]) -> Iterator[tuple[str, ast.expr]]:
    """The power of a sum for the sum of powers."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Pow):
        return
    inside, power = node.left, node.right
    if isinstance(inside, ast.BinOp) and isinstance(inside.op, ast.Add | ast.Sub):
        for left, right in ((True, False), (False, True), (True, True)):
            one = ast.BinOp(inside.left, ast.Pow(), power) if left else inside.left
            other = ast.BinOp(inside.right, ast.Pow(), power) if right else inside.right
            yield "operator-precedence", ast.BinOp(one, inside.op, other)
    if isinstance(inside, ast.Call) and source.called(inside) in ("sum", "mean"):
        yield from _power_inside(inside, power)


def _power_inside(reduction: ast.Call, power: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """`(x ** n).sum()` for `x.sum() ** n`, and the same of `torch.sum(x) ** n`."""
    function = reduction.func
    if not isinstance(function, ast.Attribute):
        return
    owner = function.value
    if isinstance(owner, ast.Name) and owner.id in ("torch", "np", "numpy"):
        if not reduction.args:
            return
        args: list[ast.expr] = [ast.BinOp(reduction.args[0], ast.Pow(), power)]
        args += reduction.args[1:]
        yield "operator-precedence", ast.Call(function, args, reduction.keywords)
        return
    method = ast.Attribute(ast.BinOp(owner, ast.Pow(), power), function.attr, ast.Load())
    yield "operator-precedence", ast.Call(method, reduction.args, reduction.keywords)


def _reduction(node: ast.expr, _: list[str]) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Call):
        if source.called(node) == "sum":
            yield "sum-for-mean", _renamed(node, "mean")
        if source.called(node) == "mean":
            yield "mean-for-sum", _renamed(node, "sum")


def _sign(node: ast.expr, _: list[str]) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        yield "sign-flipped", ast.BinOp(node.left, other, node.right)
        if isinstance(node.op, ast.Sub):
            yield "sign-flipped", ast.BinOp(node.right, ast.Sub(), node.left)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign-flipped", node.operand


def _power(node: ast.expr, names: list[str]) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        if isinstance(node.right, ast.Constant) and isinstance(node.right.value, int | float):
            for more in (1, -1):
                power = ast.Constant(node.right.value + more)
                yield "power-rule", ast.BinOp(node.left, ast.Pow(), power)
    elif isinstance(node, ast.BinOp | ast.UnaryOp):
        sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.operand,)
        for side in sides:
            if isinstance(side, ast.Name) and side.id in names:
                squared = ast.BinOp(side, ast.Pow(), ast.Constant(2))
                yield "power-rule", _with_side(node, side, squared)


def _with_side(node: ast.expr, side: ast.expr, new: ast.expr) -> ast.expr:
    found = _with(node, side, new)
    assert isinstance(found, ast.expr)
    return found


_ANTIDERIVATIVES = {
    "cos(x)": "sin(x)",
    "exp(x)": "exp(x)",
    "1 / x": "log(x)",
    "2 / x": "log(x ** 2)",
    "2 * x": "x ** 2",
    "3 * x ** 2": "x ** 3",
    "-sin(x)": "cos(x)",
}


def _product(node: ast.expr, names: list[str]) -> Iterator[tuple[str, ast.expr]]:
    """f'·g' for f'·g + f·g', of functions of one input that everybody knows by heart."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return
    for name in names:
        known = {
            ast.dump(_plain(_parsed(slope, name))): _parsed(value, name)
            for slope, value in _ANTIDERIVATIVES.items()
        }
        one = known.get(ast.dump(_plain(node.left)))
        other = known.get(ast.dump(_plain(node.right)))
        if one is not None and other is not None:
            yield (
                "product-of-derivatives",
                ast.BinOp(_times(node.left, other), ast.Add(), _times(one, node.right)),
            )


def _plain(node: ast.expr) -> ast.expr:
    """Without the module of a function: `torch.cos(x)` is `cos(x)`."""

    class Bare(ast.NodeTransformer):
        def visit_Call(self, inner: ast.Call) -> ast.AST:
            self.generic_visit(inner)
            function = inner.func
            if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
                known = function.value.id in ("torch", "math", "np", "numpy")
                inner.func = ast.Name(function.attr, ast.Load()) if known else function
            return inner

    found = Bare().visit(copy.deepcopy(node))
    assert isinstance(found, ast.expr)
    return found


@lru_cache(maxsize=256)
def _parsed(text: str, name: str) -> ast.expr:
    """A formula of `x`, of another name; nobody changes it."""

    class Named(ast.NodeTransformer):
        def visit_Name(self, inner: ast.Name) -> ast.AST:
            return ast.Name(name, ast.Load()) if inner.id == "x" else inner

    found = Named().visit(parse(text, mode="eval").body)
    assert isinstance(found, ast.expr)
    return found


def _results(answer: ast.expr | ast.FunctionDef) -> list[ast.expr]:
    if isinstance(answer, ast.expr):
        return [answer]
    found = (node.value for node in nodes_of(answer) if isinstance(node, ast.Return))
    return [value for value in found if value is not None]


def _addends(answer: ast.expr | ast.FunctionDef) -> list[ast.expr]:
    """What is added up: operands of + and −, elements of lists, and whole results."""
    found = [
        side
        for node in nodes_of(answer)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
        for side in (node.left, node.right)
    ]
    found += [
        argument
        for node in nodes_of(answer)
        if isinstance(node, ast.Call) and source.called(node) in ("add", "sub")
        for argument in node.args
    ]
    found += [part for node in nodes_of(answer) if isinstance(node, ast.List) for part in node.elts]
    if isinstance(answer, ast.FunctionDef):
        found += [node.value for node in nodes_of(answer) if isinstance(node, ast.Assign)]
    return found + _results(answer)


def _coefficients(addends: list[ast.expr]) -> list[ast.Constant]:
    """Numbers by which a whole addend is multiplied."""
    found: list[ast.Constant] = []
    open_ = list(addends)
    while open_:
        node = open_.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            for side in (node.left, node.right):
                if isinstance(side, ast.Constant) and isinstance(side.value, int | float):
                    found.append(side)
                elif side not in addends:
                    open_.append(side)
    return found


def _solved(
    answer: ast.expr | ast.FunctionDef,
    node: ast.Constant,
    trial: Trial,
    functions: Mapping[str, formula.Function],
) -> list[float]:
    """The number in a coefficient's place with which one trial comes out right, if any does.

    What is linear in the coefficient is known from its values at 0 and 1.
    """
    ends = [_given(_with(answer, node, ast.Constant(n)), trial, functions) for n in (0.0, 1.0)]
    none, one = ends
    if none is None or one is None or none.shape != one.shape or none.size != trial.expected.size:
        return []
    with np.errstate(all="ignore"):
        slope = (one - none).ravel()
        at = int(np.argmax(np.abs(slope)))
        number = float((trial.expected.ravel()[at] - none.ravel()[at]) / slope[at])
    return [float(f"{number:.6g}")] if np.isfinite(number) and number else []


def _more(node: ast.Name, trial: Trial) -> Iterator[ast.expr]:
    """`a + b` and `a + b + c` in the place of `a`, for others like it."""
    mine = array(trial.names.get(node.id))
    if mine is None:
        return
    others = [
        name
        for name, value in trial.names.items()
        if name not in (node.id, trial.called)
        and (other := array(value)) is not None
        and other.shape == mine.shape
        and bool(np.any(other))
    ][:8]
    for count in (1, 2):
        for chosen in combinations(others, count):
            total: ast.expr = node
            for name in chosen:
                total = ast.BinOp(total, ast.Add(), ast.Name(name, ast.Load()))
            yield total


def _terms(name: str) -> Iterator[ast.expr]:
    for text in ("x", "x ** 2", "1 / x", "1 / x ** 2", "sin(x)", "cos(x)", "exp(x)", "log(x)"):
        for factor in (1.0, 2.0, 3.0):
            yield _scaled(_parsed(text, name), factor)


def _scaled(node: ast.expr, factor: float) -> ast.expr:
    if factor == 1.0:
        return node
    whole = int(factor) if float(factor).is_integer() else round(factor, 6)
    return ast.BinOp(ast.Constant(factor if isinstance(whole, float) else whole), ast.Mult(), node)


def _times(one: ast.expr, other: ast.expr) -> ast.expr:
    return ast.BinOp(one, ast.Mult(), other)


def _renamed(node: ast.Call, name: str) -> ast.expr:
    if isinstance(node.func, ast.Attribute):
        function: ast.expr = ast.Attribute(node.func.value, name, ast.Load())
    else:
        function = ast.Name(name, ast.Load())
    return ast.Call(function, node.args, node.keywords)
