"""What a formula of the student's gives, worked out from its syntax tree with NumPy.

Nothing is executed: a tree is walked that holds arithmetic, a few dozen functions of tensors by
their names, and calls of functions whose trees are at hand. Whatever else it meets is `Unknown`.
Sizes, depth and the number of steps are bounded.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
MOST = 4096
_STEPS = 3000
_LARGEST_PRODUCT = 64 * MOST
_DEPTH = 6


class Unknown(Exception):
    """The formula holds something that is not understood here."""


_KEEP = frozenset(
    [
        "detach",
        "clone",
        "double",
        "float",
        "item",
        "numpy",
        "requires_grad_",
        "contiguous",
        "retain_grad",
        "tolist",
        "cpu",
    ]
)
_ELEMENTWISE: Mapping[str, Callable[[Array], Array]] = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "square": np.square,
    "reciprocal": np.reciprocal,
    "neg": np.negative,
    "negative": np.negative,
    "sign": np.sign,
    "zeros_like": np.zeros_like,
    "ones_like": np.ones_like,
    "deg2rad": np.deg2rad,
    "rad2deg": np.rad2deg,
    "radians": np.deg2rad,
}
_REDUCE: Mapping[str, Callable[..., Any]] = {
    "sum": np.sum,
    "mean": np.mean,
    "prod": np.prod,
    "norm": np.linalg.norm,
    "vector_norm": np.linalg.norm,
    "max": np.max,
    "min": np.min,
    "amax": np.max,
}
_PAIRS: Mapping[str, Callable[..., Any]] = {
    "dot": np.dot,
    "matmul": np.matmul,
    "mv": np.matmul,
    "mm": np.matmul,
    "mul": np.multiply,
    "multiply": np.multiply,
    "add": np.add,
    "sub": np.subtract,
    "div": np.divide,
    "pow": np.power,
    "outer": np.outer,
}
_OPERATORS: Mapping[type[ast.operator], Callable[..., Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.MatMult: np.matmul,
}
_CONSTANTS = {"pi": np.pi, "e": np.e, "inf": np.inf}
Function = ast.FunctionDef | ast.Lambda


@dataclass(slots=True)
class Scope:
    """Names and functions that a formula may use. `steps` counts what was done so far.

    `stretched` notes that a column and a row were combined into a table. `known` are values that
    nodes have in this scope, by their `id`; those that are worked out are put down in `noted`.
    """

    names: Mapping[str, Array]
    functions: Mapping[str, Function] = field(default_factory=dict)
    steps: int = 0
    depth: int = 0
    stretched: bool = False
    known: Mapping[int, Any] = field(default_factory=dict)
    noted: dict[int, Any] | None = None

    def inner(self, names: Mapping[str, Array]) -> Scope:
        """A function's own scope."""
        return Scope(names, self.functions, self.steps, self.depth + 1)


def evaluate(node: ast.expr, scope: Scope) -> Array:
    """The value of an expression.

    Raises:
        Unknown: it cannot be worked out here.
    """
    with np.errstate(all="ignore"):
        try:
            return _array(_value(node, scope))
        except Unknown:
            raise
        except Exception as error:
            raise Unknown from error


def call(function: Function, arguments: Mapping[str, Array], scope: Scope) -> Array:
    """What a function returns; statements that are not understood leave their names unknown.

    Raises:
        Unknown: the returned value cannot be worked out here.
    """
    with np.errstate(all="ignore"):
        try:
            return _array(_call(function, arguments, scope))
        except Unknown:
            raise
        except Exception as error:
            raise Unknown from error


def table(function: Function, name: str, at: Mapping[str, Array], scope: Scope) -> Array:
    """The Jacobian by one argument, outputs × elements, from differences in float64.

    Raises:
        Unknown: the function cannot be worked out here.
    """
    x: Array = at[name].astype(np.float64)
    if x.size > 16:
        raise Unknown
    columns = []
    for index in range(x.size):
        step: Array = np.zeros(x.size)
        step[index] = 1e-6
        step = step.reshape(x.shape)
        above = call(function, {**at, name: x + step}, Scope(scope.names, scope.functions))
        below = call(function, {**at, name: x - step}, Scope(scope.names, scope.functions))
        columns.append(((above - below) / 2e-6).ravel())
    return np.stack(columns, axis=1)


def parameters(function: Function) -> tuple[str, ...]:
    """Names of a function's positional parameters."""
    return tuple(one.arg for one in function.args.args)


def _array(value: Any) -> Array:
    if isinstance(value, list):
        parts = [_array(item) for item in value]
        if sum(part.size for part in parts) > MOST:
            raise Unknown
        value = np.stack(parts)
    found = np.asarray(value, np.float64)
    if found.size > MOST:
        raise Unknown
    return found


def _value(node: ast.expr, scope: Scope) -> Any:
    scope.steps += 1
    if scope.steps > _STEPS:
        raise Unknown
    found = scope.known.get(id(node))
    if found is None:
        found = _worked_out(node, scope)
        if scope.noted is not None:
            scope.noted[id(node)] = found
    return found


def _worked_out(node: ast.expr, scope: Scope) -> Any:
    match node:  # what is met most often comes first
        case ast.Name(id=name):
            if name in scope.names:
                return scope.names[name]
            raise Unknown
        case ast.BinOp(left=left, op=operator, right=right):
            return _combined(operator, _value(left, scope), _value(right, scope), scope)
        case ast.Constant(value=bool() | int() | float() as number):
            return np.float64(number)
        case ast.Call():
            return _called(node, scope)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_array(_value(operand, scope))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _array(_value(operand, scope))
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_value(item, scope) for item in items]
        case ast.Subscript(value=value, slice=index):
            return _array(_value(value, scope))[_index(index, scope)]
        case ast.Attribute(value=value, attr="T" | "mT"):
            return _array(_value(value, scope)).T
        case ast.Attribute(value=value, attr="data"):
            return _value(value, scope)
        case ast.Attribute(value=ast.Name(id="math" | "torch" | "np" | "numpy"), attr=attr):
            if attr in _CONSTANTS:
                return np.float64(_CONSTANTS[attr])
            raise Unknown
        case _:
            raise Unknown


def _combined(operator: ast.operator, left: Any, right: Any, scope: Scope) -> Array:
    how = _OPERATORS.get(type(operator))
    if how is None:
        raise Unknown
    one, other = _array(left), _array(right)
    if one.size * other.size > _LARGEST_PRODUCT:
        raise Unknown
    if not isinstance(operator, ast.MatMult):
        columns = [a for a in (one, other) if a.ndim == 2 and a.shape[1] == 1 and a.shape[0] > 1]
        rows = [a for a in (one, other) if a.ndim == 1 and a.shape[0] > 1]
        scope.stretched |= bool(columns and rows)
    return _array(how(one, other))


def _index(node: ast.expr, scope: Scope) -> Any:
    def number(part: ast.expr | None) -> int | None:
        return None if part is None else int(_array(_value(part, scope)))

    if isinstance(node, ast.Tuple):
        return tuple(_index(item, scope) for item in node.elts)
    if isinstance(node, ast.Slice):
        return slice(number(node.lower), number(node.upper), number(node.step))
    if isinstance(node, ast.Constant) and node.value is None:
        return None
    return number(node)


def _called(node: ast.Call, scope: Scope) -> Any:
    """A call: of a function whose tree is known, of a library's function, or of a method."""
    if isinstance(node.func, ast.Name):
        known = scope.functions.get(node.func.id)
        if known is not None:
            if node.keywords or len(node.args) > len(parameters(known)):
                raise Unknown
            given = [_array(_value(argument, scope)) for argument in node.args]
            return _call(known, dict(zip(parameters(known), given, strict=False)), scope)
        return _library(node.func.id, node.args, node, scope)
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value
        if isinstance(owner, ast.Name) and owner.id not in scope.names:
            return _library(node.func.attr, node.args, node, scope)
        if isinstance(owner, ast.Attribute) and owner.attr in ("linalg", "special"):
            return _library(node.func.attr, node.args, node, scope)
        return _library(node.func.attr, [owner, *node.args], node, scope)
    raise Unknown


def _call(function: Function, arguments: Mapping[str, Array], scope: Scope) -> Any:
    if scope.depth >= _DEPTH:
        raise Unknown
    inner = scope.inner({**scope.names, **arguments})
    try:
        if isinstance(function, ast.Lambda):
            return _value(function.body, inner)
        return _body(function.body, inner)
    finally:
        scope.steps = inner.steps
        scope.stretched |= inner.stretched


def _body(statements: list[ast.stmt], scope: Scope) -> Any:
    names = dict(scope.names)
    scope.names = names
    for statement in statements:
        if isinstance(statement, ast.Return) and statement.value is not None:
            return _value(statement.value, scope)
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            _assign(statement.targets[0], statement.value, names, scope)
        elif isinstance(statement, ast.Expr | ast.Assert):
            continue
        else:
            for inner in ast.walk(statement):
                if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                    names.pop(inner.id, None)
                if isinstance(inner, ast.Return):
                    raise Unknown
    raise Unknown


def _assign(target: ast.expr, node: ast.expr, names: dict[str, Array], scope: Scope) -> None:
    targets = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    found: list[Array] = []
    with contextlib.suppress(Exception):  # what is not understood leaves its names unknown
        value = _value(node, scope)
        found = [_array(part) for part in ([value] if targets == [target] else list(value))]
    for place, one in enumerate(targets):
        if isinstance(one, ast.Name):
            names.pop(one.id, None)
            if len(found) == len(targets):
                names[one.id] = found[place]


def _library(name: str, nodes: list[ast.expr], node: ast.Call, scope: Scope) -> Any:
    if not nodes:
        raise Unknown
    if name == "einsum" and len(nodes) == 3 and isinstance(nodes[0], ast.Constant):
        one, other = (_array(_value(part, scope)) for part in nodes[1:])
        if one.size * other.size > _LARGEST_PRODUCT:
            raise Unknown
        return np.einsum(str(nodes[0].value), one, other)
    keywords = {one.arg: one.value for one in node.keywords}
    first = _value(nodes[0], scope)
    rest = nodes[1:]
    if name in _KEEP or name in ("tensor", "as_tensor", "asarray", "array"):
        return _array(first)
    if name == "stack" and not rest and not keywords:
        return _array(first)
    if name in ("cat", "concatenate") and not rest and not keywords:
        parts = [np.atleast_1d(_array(item)) for item in first]
        if sum(part.size for part in parts) > MOST:
            raise Unknown
        return np.concatenate(parts)
    value = _array(first)
    if name in _ELEMENTWISE and not rest and not set(keywords) - {"dtype"}:
        return _ELEMENTWISE[name](value)
    if name in _REDUCE and len(rest) <= 1 and not set(keywords) - {"dim", "axis", "keepdim"}:
        axis = keywords.get("dim") or keywords.get("axis") or (rest[0] if rest else None)
        keep = isinstance(keywords.get("keepdim"), ast.Constant)
        place = None if axis is None else int(_array(_value(axis, scope)))
        return _REDUCE[name](value, axis=place, keepdims=keep)
    if name in _PAIRS and len(rest) == 1 and not keywords:
        other = _array(_value(rest[0], scope))
        if value.size * other.size > _LARGEST_PRODUCT:
            raise Unknown
        return _PAIRS[name](value, other)
    if name in ("reshape", "view") and rest:
        sizes = _sizes(rest, scope)
        return value.reshape(sizes)
    if name == "unsqueeze" and len(rest) == 1:
        return np.expand_dims(value, int(_array(_value(rest[0], scope))))
    if name in ("squeeze", "flatten", "ravel") and not rest:
        return value.squeeze() if name == "squeeze" else value.ravel()
    if name in ("t", "diagonal", "diag") and not rest and value.ndim == 2:
        return value.T if name == "t" else value.diagonal()
    if name == "flip":
        return np.flip(value, 0)
    if name == "cumsum":
        return np.cumsum(value, 0)
    raise Unknown


def _sizes(nodes: list[ast.expr], scope: Scope) -> tuple[int, ...]:
    if len(nodes) == 1 and isinstance(nodes[0], ast.Tuple):
        nodes = list(nodes[0].elts)
    return tuple(int(_array(_value(node, scope))) for node in nodes)
