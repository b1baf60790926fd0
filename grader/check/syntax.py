"""Reads cells as Python, IPython's own lines blanked, and resolves what names stand for.

Flow is followed from top to bottom, cell by cell: `import torch as t`, `from torch import cos`,
`c = torch.cos`, `getattr(torch, "cos")`; a method of anything else is `Tensor.<name>`. What a
student builds at run time (`exec`, `getattr` of a computed name) is out of reach.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from grader import parsing

_MAGIC = re.compile(r"(?P<indent>\s*)(?:[%!]|\?)|(?P<indent2>\s*)[^'\"#]*\w\?{1,2}\s*$")
_ASSIGNED = re.compile(r"(?P<before>\s*[^=\s][^=()'\"#]*=\s*)[%!]")
_OLD_FUNC = re.compile(r"functorch(\.|$)")
_ROWS = (ast.Tuple, ast.List)
_ACTIVE = (
    ast.Call, ast.Attribute, ast.Subscript, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare,
    ast.AugAssign, ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.Await, ast.Import,
    ast.ImportFrom, ast.Delete, ast.comprehension, ast.JoinedStr, ast.Starred, ast.Raise,
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Match,
)  # fmt: skip
_BINDING = (ast.Assign, ast.AnnAssign, ast.NamedExpr)
_TELLING = (ast.Import, ast.ImportFrom, ast.Name, ast.Attribute, ast.Call, *_BINDING)
_SHORT = 4096  # characters of a cell whose tree is kept
_PYTHON_MAGICS = ("time", "timeit", "capture", "prun", "matplotlib")


@dataclass(frozen=True, slots=True)
class Use:
    """A dotted name that the code uses, and the line (1-based); `imported` only by an import."""

    name: str
    line: int
    imported: bool = False


def parse(source: str) -> ast.Module | None:
    """The syntax tree of a cell; None where it is not Python even without IPython's lines.

    Nobody may change it: that of a cell which many hand in alike is made once.
    """
    return _short(source) if len(source) <= _SHORT else _parsed(source)


@lru_cache(maxsize=1024)
def _short(source: str) -> ast.Module | None:
    return _parsed(source)


@lru_cache(maxsize=16)
def _parsed(source: str) -> ast.Module | None:
    for text in (source, blanked(source)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return parsing.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def blanked(source: str) -> str:
    """The source with magics, shell lines and help requests replaced, lines kept in place."""
    lines = source.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    head = lines[first].strip() if lines else ""
    if head.startswith("%%"):
        word = head[2:].split(maxsplit=1)[:1]
        if not word or word[0] not in _PYTHON_MAGICS:
            return ""
    result: list[str] = []
    continued = False
    for line in lines:
        magic, assigned = _MAGIC.match(line), _ASSIGNED.match(line)
        if continued:
            result.append("")
        elif magic is not None:
            result.append((magic["indent"] or magic["indent2"] or "") + "pass")
        elif assigned is not None:
            result.append(assigned["before"] + "None")
        else:
            result.append(line)
            continue
        continued = line.rstrip().endswith("\\")
    return "\n".join(result)


@lru_cache(maxsize=4096)
def inert(source: str) -> bool:
    """Whether a cell only gives names constants or other names, so that nothing can come of it."""
    tree = parse(source)
    return (
        tree is not None
        and blanked(source) == source
        and not any(isinstance(node, _ACTIVE) for node in parsing.nodes_of(tree))
    )


def uses(trees: Sequence[ast.Module]) -> tuple[tuple[Use, ...], ...]:
    """For each tree, in the order in which they run, the dotted names that it uses."""
    names: dict[str, str] = {}
    stars: list[str] = []
    return tuple(tuple(_uses(tree, names, stars)) for tree in trees)


def _uses(tree: ast.Module, names: dict[str, str], stars: list[str]) -> Iterator[Use]:
    """Follows one tree, updating what names stand for."""
    for node, binds in _in_order(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Use(canonical(alias.name), node.lineno, imported=True)
                top = alias.name.split(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                if alias.name == "*":
                    stars.append(module)
                    continue
                name = f"{module}.{alias.name}"
                yield Use(canonical(name), node.lineno, imported=True)
                names[alias.asname or alias.name] = name
        elif binds:
            _bind(node, names, stars)
        elif isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)):
            continue  # a name of the student's own, whatever else is called so
        elif isinstance(node, (ast.Name, ast.Attribute, ast.Call)):
            for name in resolve(node, names, stars):
                yield Use(canonical(name), node.lineno)


def _in_order(tree: ast.Module) -> tuple[tuple[ast.AST, bool], ...]:
    """Nodes that tell of names, by position; an assignment binds (True) after its value.

    They are remembered, unless they are very many: students' cells are alike, locked ones equal.
    """
    few = len(parsing.nodes_of(tree)) <= parsing.MANY
    return _remembered(tree) if few else _placed(tree)


@lru_cache(maxsize=1024)
def _remembered(tree: ast.Module) -> tuple[tuple[ast.AST, bool], ...]:
    return _placed(tree)


def _placed(tree: ast.Module) -> tuple[tuple[ast.AST, bool], ...]:
    placed: list[tuple[tuple[int, int, int], ast.AST, bool]] = []
    for node in parsing.nodes_of(tree):
        if isinstance(node, _BINDING):
            end = (node.end_lineno or node.lineno, node.end_col_offset or 0, 1)
            placed.append((end, node, True))
        elif isinstance(node, _TELLING):
            placed.append(((node.lineno, node.col_offset, 0), node, False))
    placed.sort(key=lambda item: item[0])
    return tuple((node, binds) for _, node, binds in placed)


def _bind(node: ast.AST, names: dict[str, str], stars: list[str]) -> None:
    if isinstance(node, ast.Assign):
        targets, value = node.targets, node.value
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        targets, value = [node.target], node.value
    else:
        return
    for target in targets:
        if not isinstance(target, _ROWS):
            _set(target, value, names, stars)
        elif isinstance(value, _ROWS) and len(target.elts) == len(value.elts):
            for one, what in zip(target.elts, value.elts, strict=True):
                _set(one, what, names, stars)
        else:
            for one in target.elts:
                _set(one, None, names, stars)


def _set(target: ast.expr, value: ast.expr | None, names: dict[str, str], stars: list[str]) -> None:
    if not isinstance(target, ast.Name):
        return
    found = resolve(value, names, stars) if value is not None else []
    if len(found) == 1 and not found[0].startswith("Tensor."):
        names[target.id] = found[0]
    else:
        names[target.id] = ""


def resolve(node: ast.AST, names: dict[str, str], stars: Sequence[str]) -> list[str]:
    """The dotted names that an expression may stand for; none where it is something else."""
    attributes: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            attributes.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call) and (attribute := _getattr(node)) is not None:
            attributes.append(attribute)
            node = node.args[0]
        else:
            break
    roots = _roots(node, names, stars)
    if roots:
        return [".".join([root, *reversed(attributes)]) for root in roots]
    return [f"Tensor.{attributes[0]}"] if attributes else []


def _roots(node: ast.AST, names: dict[str, str], stars: Sequence[str]) -> list[str]:
    if isinstance(node, ast.Name):
        if node.id in names:
            return [names[node.id]] if names[node.id] else []
        return [f"{module}.{node.id}" for module in stars]
    if isinstance(node, ast.Call) and len(node.args) >= 1:
        callee, first = node.func, node.args[0]
        name = callee.id if isinstance(callee, ast.Name) else getattr(callee, "attr", "")
        if name in ("__import__", "import_module") and isinstance(first, ast.Constant):
            return [first.value] if isinstance(first.value, str) else []
    return []


def _getattr(node: ast.Call) -> str | None:
    if isinstance(node.func, ast.Name) and node.func.id == "getattr" and len(node.args) >= 2:
        name = node.args[1]
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            return name.value
    return None


def canonical(name: str) -> str:
    """One spelling: `torch.Tensor.cos` and the in-place `x.cos_()` are both `Tensor.cos`.

    `functorch`, which comes with torch, is what `torch.func` was called before.
    """
    name = name.removeprefix("torch.") if name.startswith("torch.Tensor.") else name
    name = "torch.func" + name.removeprefix("functorch") if _OLD_FUNC.match(name) else name
    head, _, last = name.rpartition(".")
    if head in ("Tensor", "torch") and last.endswith("_") and not last.endswith("__"):
        return f"{head}.{last.rstrip('_')}"
    return name


def answered(tree: ast.Module) -> bool:
    """Whether there is more than placeholders: strings, `...`, `pass`, names set to None or ..."""
    return any(not _placeholder(statement) for statement in tree.body)


def _placeholder(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Pass):
        return True
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return all(_placeholder(inner) for inner in statement.body)
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        value = statement.value
        return value is None or (
            isinstance(value, ast.Constant) and value.value in (None, Ellipsis, "")
        )
    return False
