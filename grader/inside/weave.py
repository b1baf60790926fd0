"""Put hooks into a function of a library such that no frame of ours is ever on its tracebacks.

The function is compiled again from its own source, under its own file name and with its own line
numbers, with calls of the hooks inserted; it runs in its own module's globals. The hooks are
constants of the code, so that no name gives them away. An exception passes through a bare `raise`,
which adds no entry to its traceback.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
import types
import warnings
from collections.abc import Callable
from typing import Any

FUTURE = 0x1FE0000  # the bits of `from __future__` in a code object's flags
TOKEN = ".0"  # the local variable that holds the token; no name that source code could have


def weave(
    function: types.FunctionType,
    *,
    before: Callable[..., Any] | None = None,
    after: Callable[[Any, Any], Any] | None = None,
    failed: Callable[[Any], None] | None = None,
) -> types.FunctionType:
    """A copy of `function` with hooks; they must not raise.

    Args:
        function: a function of a module, without decorators or closure.
        before: called with the function's own parameters when it begins; gives a token.
        after: called with the token and what the function returns; gives what it returns instead.
        failed: called with the token while an exception leaves the function; `sys.exc_info()` has
            the exception.

    Raises:
        OSError: the source is not there.
    """
    lines, first = inspect.getsourcelines(function)
    tree = ast.parse(textwrap.dedent("".join(lines)))
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef) or function.__closure__:
        raise TypeError(function.__name__)
    hooks = {"\0before": before, "\0after": after, "\0failed": failed}

    described = 1 if ast.get_docstring(definition) is not None else 0
    head, body = definition.body[:described], definition.body[described:]
    if after:
        Returns(_call("\0after", [TOKEN])).visit(definition)
    if failed:
        handler = ast.ExceptHandler(
            ast.Name("BaseException", ast.Load()),
            None,
            [ast.Expr(_call("\0failed", [TOKEN])), ast.Raise()],
        )
        body = [ast.Try(body, [handler], [], [])]
    token = _call("\0before", _names(definition.args)) if before else ast.Constant(None)
    start = ast.Assign([ast.Name(TOKEN, ast.Store())], token)
    definition.body = [*head, start, *body]
    for node in definition.body:
        _at(node, definition)

    shift = len(lines[0]) - len(lines[0].lstrip())
    for node in ast.walk(tree):
        if hasattr(node, "col_offset"):
            node.col_offset += shift
            node.end_col_offset += shift
    ast.increment_lineno(tree, first - 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        flags = function.__code__.co_flags & FUTURE
        code = compile(tree, function.__code__.co_filename, "exec", flags, dont_inherit=True)
    inner = next(part for part in code.co_consts if isinstance(part, types.CodeType))
    inner = _with_hooks(inner, hooks)
    woven = types.FunctionType(inner, function.__globals__, function.__name__)
    for name in ("__defaults__", "__kwdefaults__", "__annotations__", "__doc__", "__module__"):
        setattr(woven, name, getattr(function, name))
    woven.__qualname__ = function.__qualname__
    woven.__dict__.update(function.__dict__)
    return woven


class Returns(ast.NodeTransformer):
    """Hand what a function returns to a hook; functions within it are left alone."""

    def __init__(self, call: ast.Call) -> None:
        self.call, self.outer = call, True

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Go into the outermost function only."""
        if not self.outer:
            return node
        self.outer = False
        return self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> ast.AST:
        """`return x` becomes `return after(x)`."""
        value = node.value or ast.Constant(None)
        node.value = ast.Call(self.call.func, [*self.call.args, value], [])
        _at(node.value, node)
        return node


def _call(hook: str, names: list[str]) -> ast.Call:
    loads: list[ast.expr] = [ast.Name(name, ast.Load()) for name in names]
    return ast.Call(ast.Constant(hook), loads, [])


def _names(arguments: ast.arguments) -> list[str]:
    listed = [*arguments.posonlyargs, *arguments.args, arguments.vararg]
    return [a.arg for a in (*listed, *arguments.kwonlyargs, arguments.kwarg) if a]


def _at(node: ast.AST, place: ast.stmt) -> None:
    """Give a node, and those within it that have none, the place of `place`'s first line."""
    for part in ast.walk(node):
        if isinstance(part, (ast.expr, ast.stmt, ast.excepthandler)):
            if hasattr(part, "lineno"):
                continue
            part.lineno = part.end_lineno = place.lineno
            part.col_offset = part.end_col_offset = place.col_offset


def _with_hooks(code: types.CodeType, hooks: dict[str, Any]) -> types.CodeType:
    consts = tuple(
        hooks.get(const, const) if type(const) is str else const for const in code.co_consts
    )
    return code.replace(co_consts=consts)
