"""Mistakes in a formula, of the function or of a derivative written by hand."""

# ruff: noqa: SIM102 - what a site is comes first, and then what it has to be
from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from functools import cache

from .passes import argument, grad, keyword, passes, root
from .program import Edit, Operator, Program, bound, edit, method, source

_LOGS = ("torch.log", "np.log", "math.log")
_SINES = {"sin": "cos", "cos": "sin", "exp": "expm1"}
# Where the derivative, and not the function, is what the formula says.
_BY_HAND = ("by_hand", "backward", "dual_product", "dual_sine", "one", "central_difference")


def _by_hand(program: Program, node: ast.AST) -> bool:
    names = [n.name for n in program.above(node) if isinstance(n, ast.FunctionDef)]
    return any(name in _BY_HAND for name in names)


def _formula(program: Program, node: ast.AST) -> bool:
    """Whether a node is part of a formula: not of a step, a slice, an argument or a message."""
    text = ast.unparse(program.statement(node))
    words = ("grad", "backward(", "rate", "lr=", "range(", "torch.tensor", "optim", "plt", "0.0")
    if any(isinstance(n, ast.Subscript | ast.JoinedStr | ast.For) for n in program.above(node)):
        return False
    if _by_hand(program, node):
        return True
    return not any(w in text for w in words) or any(
        n in _roots(program) for n in program.above(node)
    )


@cache
def _roots(program: Program) -> frozenset[ast.AST]:
    return frozenset(start for call in passes(program) if (start := root(call)) is not None)


def _truth(program: Program, node: ast.AST, names: str) -> str:
    """In the function's formula a slip also makes another function of it."""
    return names if _by_hand(program, node) else f"{names} wrong-function"


def exponent(program: Program) -> Iterator[Edit]:
    """An exponent off by one."""
    for node in program.find(ast.BinOp):
        if isinstance(node.op, ast.Pow) and isinstance(node.right, ast.Constant):
            if isinstance(node.right.value, int) and _formula(program, node):
                for n in (node.right.value + 1, node.right.value - 1):
                    yield edit(_truth(program, node, "power-rule"), (node.right, str(n)))


def coefficient(program: Program) -> Iterator[Edit]:
    """A factor that is a number is left out, or is another."""
    for node in program.find(ast.BinOp):
        if isinstance(node.op, ast.Mult) and _formula(program, node):
            for number, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(number, ast.Constant) and number.value not in (0, 1):
                    # 3 t² by hand without its 3 is the power rule half done
                    half = " power-rule" if _power(program, node, other, number.value) else ""
                    truth = _truth(program, node, f"constant-factor missing-chain-factor{half}")
                    if not _by_hand(program, node):
                        named = "constant-factor" + _another_name(program, node, other)
                        truth = _truth(program, node, named)
                    yield edit(truth, (node, source(other)))
                    scaled = f"{number.value + 3} * {source(other)}"
                    yield edit(_truth(program, node, "constant-factor"), (node, scaled))


def _another_name(program: Program, node: ast.BinOp, rest: ast.expr) -> str:
    """What else is true where `z = x * 3` becomes `z = x`, and z is then changed in place."""
    line = program.statement(node)
    if not (isinstance(rest, ast.Name) and isinstance(line, ast.Assign) and line.value is node):
        return ""
    later = ast.unparse(program.scope(line))
    changed = any(
        re.search(rf"^\s*{name}(\[.*\] = | [-+*/]= |\.\w+_\()", later, re.MULTILINE)
        for name in bound(line)
    )
    # x itself is changed then: where it is a leaf, that is refused.
    return " in-place-on-leaf" if changed else ""


def _power(program: Program, product: ast.BinOp, rest: ast.expr, number: object) -> bool:
    """Whether it holds t² beside a 3, or t³ beside a 4: what the power rule makes.

    In the `backward` of a class that cubes, a saved t² is not seen to be one.
    """
    whole = [ast.unparse(n) for n in program.above(product) if isinstance(n, ast.ClassDef)]
    if number == 3 and any("Cube" in text for text in whole):
        return True
    text = ast.unparse(rest)
    squared = number == 3 and ("square()" in text or re.search(r"\b(\w+) \* \1\b", text))
    return bool(squared) or (isinstance(number, int) and f"** {number - 1}" in text)


def factor(program: Program) -> Iterator[Edit]:
    """A factor of the chain rule forgotten."""
    for node in program.find(ast.BinOp):
        if isinstance(node.op, ast.Mult) and _by_hand(program, node):
            sides = (node.left, node.right)
            if not any(isinstance(side, ast.Constant) for side in sides):
                for side in sides:
                    yield edit("missing-chain-factor", (node, source(side)))


def term(program: Program) -> Iterator[Edit]:
    """A term of a sum forgotten."""
    for node in program.find(ast.BinOp):
        if isinstance(node.op, ast.Add) and _formula(program, node):
            for side in (node.left, node.right):
                other = node.right if side is node.left else node.left
                if not isinstance(side, ast.Constant):
                    lost = _names(other) - _names(side)
                    truth = "missing-term" + (" input-not-in-graph" if lost else "")
                    inside = [n.name for n in program.above(node) if isinstance(n, ast.FunctionDef)]
                    if ast.unparse(other) == "0.5" and _cut_off(program, node):
                        truth += " truncation-for-rounding"  # int(x + 0.5) rounds, int(x) cuts off
                    if "central_difference" in inside and _names(other) == {"h"}:
                        truth += " one-sided-difference"
                    yield edit(_truth(program, node, truth), (node, source(side)))


def _cut_off(program: Program, node: ast.AST) -> bool:
    holder = program.parents[node]
    return isinstance(holder, ast.Call) and ast.unparse(holder.func).split(".")[-1] in (
        "int",
        "floor",
        "trunc",
    )


def _names(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} - {"torch", "np", "math"}


def sign_of_term(program: Program) -> Iterator[Edit]:
    """Minus for plus, and plus for minus."""
    for node in program.find(ast.BinOp):
        if isinstance(node.op, ast.Add | ast.Sub) and _formula(program, node):
            sign = "-" if isinstance(node.op, ast.Add) else "+"
            turned = f"{source(node.left)} {sign} {source(node.right)}"
            yield edit(_truth(program, node, "sign-flipped"), (node, turned))


def logarithm(program: Program) -> Iterator[Edit]:
    """Another logarithm."""
    for call in program.find(ast.Call):
        name = ast.unparse(call.func)
        if name in _LOGS:
            for other in ("10", "2"):
                truth = _truth(program, call, "wrong-logarithm")
                yield edit(truth, (call.func, name + other))
        receiver = method(call, "log")
        if receiver is not None:
            truth = _truth(program, call, "wrong-logarithm")
            yield edit(truth, (call, f"{source(receiver)}.log10()"))


def another_function(program: Program) -> Iterator[Edit]:
    """Cosine for sine and the like."""
    for call in program.find(ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in _SINES:
            other = f"{ast.unparse(call.func.value)}.{_SINES[call.func.attr]}"
            yield edit("wrong-function", (call.func, other))


def degrees(program: Program) -> Iterator[Edit]:
    """Degrees for radians."""
    for call in program.find(ast.Call):
        if ast.unparse(call.func) in ("torch.sin", "torch.cos") and len(call.args) == 1:
            turned = f"torch.deg2rad({ast.unparse(call.args[0])})"
            yield edit("degrees-for-radians", (call.args[0], turned))


def mean_and_sum(program: Program) -> Iterator[Edit]:
    """Mean for sum, sum for mean."""
    for call in program.find(ast.Call):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("sum", "mean"):
            continue
        base = ast.unparse(call.func.value)
        if base == "np":
            continue
        other = {"sum": "mean", "mean": "sum"}[call.func.attr]
        truth = f"{other}-for-{call.func.attr}"
        if other == "mean" and _whole(program, call.func.value):
            truth += " mean-of-integers"
        yield edit(truth, (call.func, f"{source(call.func.value)}.{other}"))
    for node in program.find(ast.BinOp):
        counted = ast.unparse(node.right)
        if isinstance(node.op, ast.Div) and re.search(r"len\(|shape\[|numel\(|^4$", counted):
            yield edit("sum-for-mean", (node, source(node.left)))


def _whole(program: Program, node: ast.expr) -> bool:
    """Whether it is True and False, as a comparison gives them, and so has no mean."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
        return _whole(program, node.operand)
    if isinstance(node, ast.Name):
        lines = program.find(ast.Assign)
        return any(node.id in bound(line) and _whole(program, line.value) for line in lines)
    compared = isinstance(node, ast.Call) and ast.unparse(node.func) in ("torch.eq", "torch.ne")
    return compared or isinstance(node, ast.Compare)


def square_of_sum(program: Program) -> Iterator[Edit]:
    """The square of a sum for the sum of squares."""
    for call in program.find(ast.Call):
        inner = method(call, "sum", "mean")
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow) and not call.args:
            assert isinstance(call.func, ast.Attribute)
            swapped = f"({source(inner.left)}.{call.func.attr}() ** {source(inner.right)})"
            yield edit("operator-precedence", (call, swapped))


def wrong_axis(program: Program) -> Iterator[Edit]:
    """Another axis is reduced."""
    for call in program.find(ast.Call):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in (
            "sum",
            "mean",
            "norm",
        ):
            continue
        for value in [*call.args, *[k.value for k in call.keywords if k.arg in ("dim", "axis")]]:
            if isinstance(value, ast.Constant) and value.value in (0, 1):
                truth = "wrong-axis" + (" cotangent-shape" if _weighted(program, call) else "")
                yield edit(truth, (value, str(1 - value.value)))


def _weighted(program: Program, reduced: ast.Call) -> bool:
    """Whether a pass with weights of its own starts from it: they have the other axis's length."""
    return any(root(call) is reduced and argument(call) is not None for call in passes(program))


def wrong_slice(program: Program) -> Iterator[Edit]:
    """A part that begins or ends elsewhere."""
    for node in program.find(ast.Subscript):
        part = node.slice
        base = ast.unparse(node.value)
        if isinstance(part, ast.Slice) and isinstance(node.value, ast.Name) and not part.step:
            bounds = [ast.unparse(b) if b else None for b in (part.lower, part.upper)]
            if bounds == ["-2", None]:
                yield edit("wrong-slice", (node, f"{base}[:2]"))
            elif bounds == ["1", None]:
                yield edit("wrong-slice", (node, f"{base}[:-1]"))
        elif isinstance(node.ctx, ast.Store) and ast.unparse(part) == "0":
            line = program.statement(node)
            yield edit("wrong-slice", (line, ast.unparse(line).replace("[0]", "[-1]", 1)))


def accidental_broadcast(program: Program) -> Iterator[Edit]:
    """(N, 1) minus (N,) is N×N."""
    for node in program.find(ast.BinOp):
        if isinstance(node.op, ast.Sub) and isinstance(node.right, ast.Name):
            if node.right.id in ("targets", "y", "target"):
                column = f"{source(node.left)}.unsqueeze(-1) - {node.right.id}"
                yield edit("broadcast-by-accident", (node, column))


def inverted_quotient(program: Program) -> Iterator[Edit]:
    """The quotient upside down."""
    for line, value in program.answer_nodes():
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div):
            if not isinstance(value.left, ast.Constant) and isinstance(line, ast.Assign):
                turned = f"{source(value.right)} / {source(value.left)}"
                yield edit("inverted-quotient", (value, turned))


def quotient_of_differences(program: Program) -> Iterator[Edit]:
    """`(f(x + h) - f(x)) / h` for the gradient of f."""
    for line in program.find(ast.Assign):
        call = line.value.value if isinstance(line.value, ast.Subscript) else line.value
        if not (grad(call) and isinstance(call, ast.Call) and isinstance(call.args[1], ast.Name)):
            continue
        name = call.args[1].id
        inner = method(call.args[0], "sum") or call.args[0]
        again = keyword(call, "create_graph") is not None  # then the quotient is cut off too
        if any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(inner)):
            moved = ast.unparse(_Moved(name).visit(copy.deepcopy(inner)))
            quotient = f"(({moved}) - {source(inner)}).detach() / 0.001"
            target = line.targets[0]
            left = target.elts[0] if isinstance(target, ast.Tuple) else target
            truth = "finite-differences" + (" detached-early" if again else "")
            yield edit(truth, (line, f"{ast.unparse(left)} = {quotient}"))
    for line in program.find(ast.Return):
        scope = program.scope(line)
        if not isinstance(scope, ast.FunctionDef) or ast.unparse(line).find(".grad") < 0:
            continue
        for call in passes(program):
            start = method(call, "backward")
            inner = method(start, "sum") if start is not None else None
            if (
                program.scope(call) is scope
                and inner is not None
                and isinstance(line.value, ast.Attribute)
            ):
                name = ast.unparse(line.value.value)
                moved = ast.unparse(_Moved(name).visit(copy.deepcopy(inner)))
                quotient = f"return (({moved}) - {source(inner)}).detach() / 0.001"
                yield edit("finite-differences", (program.statement(call), None), (line, quotient))


class _Moved(ast.NodeTransformer):
    def __init__(self, name: str) -> None:
        self.name = name

    def visit_Name(self, node: ast.Name) -> ast.AST:
        same = node.id == self.name
        return ast.parse(f"({node.id} + 0.001)", mode="eval").body if same else node


def truncated(program: Program) -> Iterator[Edit]:
    """Digits cut off where the nearest whole number was wanted."""
    for call in program.find(ast.Call):
        if ast.unparse(call.func) in ("round", "torch.round", "np.rint") and len(call.args) == 1:
            cut = "int" if ast.unparse(call.func) == "round" else "torch.floor"
            cut = "np.floor" if ast.unparse(call.func) == "np.rint" else cut
            yield edit("truncation-for-rounding", (call.func, cut))


def step_size(program: Program) -> Iterator[Edit]:
    """A step that is far too large, or lost in rounding."""
    for node in program.find(ast.Constant):
        if node.value == 1e-4 and "dtype" in ast.unparse(program.statement(node)):
            yield edit("bad-step", (node, "0.5"))
            yield edit("bad-step", (node, "1e-15"))


def one_sided(program: Program) -> Iterator[Edit]:
    """The difference of one side."""
    for node in program.find(ast.BinOp):
        inside = [n.name for n in program.above(node) if isinstance(n, ast.FunctionDef)]
        if "central_difference" in inside and ast.unparse(node) in ("t - h", "s - h"):
            yield edit("one-sided-difference bad-step", (node, source(node.left)))


OPERATORS: tuple[Operator, ...] = (
    exponent,
    coefficient,
    factor,
    term,
    sign_of_term,
    logarithm,
    another_function,
    degrees,
    mean_and_sum,
    square_of_sum,
    wrong_axis,
    wrong_slice,
    accidental_broadcast,
    inverted_quotient,
    quotient_of_differences,
    truncated,
    step_size,
    one_sided,
)
