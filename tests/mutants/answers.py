"""Mistakes in the answer: another value, another part of it, the wrong name, the wrong letter."""

# ruff: noqa: SIM102 - what a site is comes first, and then what it has to be
from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from .passes import backward, grad, passes, root
from .program import Edit, Operator, Program, bound, edit, method, source


def no_choice(program: Program) -> Iterator[Edit]:
    """A question left as it was."""
    for line in program.find(ast.Assign):
        if bound(line) & set(program.choices):
            yield edit("no-choice", (line.value, "..."))


def wrong_choice(program: Program) -> Iterator[Edit]:
    """Another option."""
    for line in program.find(ast.Assign):
        for name in bound(line) & set(program.choices):
            for option in program.choices[name]:
                if repr(option) != ast.unparse(line.value):
                    yield edit("wrong-choice", (line.value, repr(option)))


def other_name(program: Program) -> Iterator[Edit]:
    """The right value, under another name."""
    for line, _ in program.answer_nodes():
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            if line.targets[0].id not in program.choices:
                renamed = ast.unparse(line).replace(line.targets[0].id, "my_answer", 1)
                yield edit("other-name", (line, renamed))


def negated(program: Program) -> Iterator[Edit]:
    """The sign of a gradient."""
    for _, value in program.gradients():
        if not isinstance(value, ast.List | ast.Tuple | ast.ListComp | ast.GeneratorExp):
            if not ast.unparse(value).endswith(".tolist()"):
                yield edit("sign-flipped", (value, f"-{source(value)}"))


def scaled(program: Program) -> Iterator[Edit]:
    """A gradient times a number."""
    for _, value in program.gradients():
        if not isinstance(value, ast.List | ast.Tuple | ast.ListComp | ast.GeneratorExp):
            if not ast.unparse(value).endswith(".tolist()"):
                truth = "cell-stopped" if _unpacked(value) else "constant-factor"
                yield edit(truth, (value, f"0.5 * {source(value)}"))
                yield edit(truth, (value, f"5 * {source(value)}"))


def _unpacked(value: ast.expr) -> bool:
    """Whether it is the tuple that `autograd.grad` returns: times 5 it is a longer tuple."""
    return grad(value)


def value_for_gradient(program: Program) -> Iterator[Edit]:
    """The value of the function where its gradient was asked."""
    for line, value in program.gradients():
        scope = program.scope(line)
        if grad(value) or (isinstance(value, ast.Subscript) and grad(value.value)):
            call = value if isinstance(value, ast.Call) else value.value  # type: ignore[attr-defined]
            start = root(call)
        else:
            calls = [c for c in passes(program) if program.scope(c) is scope]
            earlier = [c for c in calls if c.lineno < line.lineno and backward(c) is not None]
            if not earlier or ".grad" not in ast.unparse(value):
                continue
            start = root(earlier[-1])
        inner = (method(start, "sum") if start is not None else None) or start
        if inner is None or isinstance(inner, ast.List):
            continue
        tuples = isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Tuple)
        shown = f"{source(inner)}.detach()"
        # One value for several names: Python stops at the unpacking.
        several = (
            tuples and isinstance(line.targets[0], ast.Tuple) and len(line.targets[0].elts) > 1
        )
        truth = "cell-stopped" if several else "value-for-gradient"
        yield edit(truth, (value, f"({shown},)" if tuples else shown))


def another_variable(program: Program) -> Iterator[Edit]:
    """The gradient of another variable."""
    for line, value in program.gradients():
        if isinstance(value, ast.List | ast.Tuple) and len(value.elts) > 1:
            yield _exchanged(value.elts)
        elif isinstance(value, ast.Call) and value.args:
            for holder in value.args:
                if isinstance(holder, ast.List | ast.Tuple) and len(holder.elts) > 1:
                    if "grad" in ast.unparse(holder) or grad(value):
                        yield _exchanged(holder.elts)
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Tuple):
            if len(line.targets[0].elts) > 1:
                yield _exchanged(line.targets[0].elts)
    lines = [
        line
        for line, value in program.gradients()
        if re.search(r"^\w+\.grad\b", ast.unparse(value))
    ]
    for one, two in itertools.pairwise(lines):
        if isinstance(one, ast.Assign) and isinstance(two, ast.Assign):
            if program.scope(one) is program.scope(two):
                a, b = (ast.unparse(n.value).split(".grad")[0] for n in (one, two))
                if a != b:
                    swapped = ast.unparse(one.value).replace(a, b, 1)
                    yield edit("gradient-of-another-variable", (one.value, swapped))


def _exchanged(pair: list[ast.expr]) -> Edit:
    truth = "gradient-of-another-variable"
    if "value" in map(ast.unparse, pair):  # then it is no other gradient, but the value itself
        truth = "value-for-gradient"
    return edit(truth, (pair[0], ast.unparse(pair[1])), (pair[1], ast.unparse(pair[0])))


def transposed(program: Program) -> Iterator[Edit]:
    """The Jacobian lies on its side."""
    for line, value in program.answer_nodes():
        for name in _names(program, line):
            if re.search("jacobian|table|per_row", name):
                if not isinstance(value, ast.Name | ast.List) and "for _" not in name:
                    yield edit("transposed-jacobian", (value, f"{source(value)}.mT"))


def part_of_jacobian(program: Program) -> Iterator[Edit]:
    """A row, the diagonal or the sum of the rows of a Jacobian."""
    for line, value in program.answer_nodes():
        for name in _names(program, line):
            if name in ("jacobian", "table", "per_row") and not isinstance(
                value, ast.Name | ast.List
            ):
                base = source(value)
                yield edit("row-of-jacobian one-number", (value, f"{base}[0]"))
                yield edit("diagonal-of-jacobian", (value, f"{base}.diagonal()"))
                yield edit("vjp-for-jacobian", (value, f"{base}.sum(0)"))


def turned_product(program: Program) -> Iterator[Edit]:
    """A product with the Jacobian from the other side."""
    for node in program.find(ast.BinOp):
        if isinstance(node.op, ast.MatMult):
            names = [n.name for n in program.above(node) if isinstance(n, ast.FunctionDef)]
            if set(names) & {"jvp", "vjp", "weighted_gradient", "directional"}:
                truth = "jvp-for-vjp vjp-for-jvp transposed-jacobian"
                turned = f"{source(node.right)} @ {source(node.left)}"
                yield edit(truth, (node, turned))


def one_number(program: Program) -> Iterator[Edit]:
    """One element of a gradient, or the sum of it."""
    for line, value in program.gradients():
        if (
            not isinstance(value, ast.List | ast.Tuple | ast.ListComp)
            and isinstance(line, ast.Assign)
            and not isinstance(line.targets[0], ast.Tuple)
        ):
            table = bool(_names(program, line) & {"jacobian", "table", "per_row"})
            first = "one-number row-of-jacobian" if table else "one-number"
            yield edit(first, (value, f"{source(value)}[0]"))
            yield edit("one-number", (value, f"{source(value)}.sum()"))


def wrong_update(program: Program) -> Iterator[Edit]:
    """A step uphill, or without the rate."""
    for line in program.find(ast.AugAssign):
        if "grad" in ast.unparse(line.value) and isinstance(line.op, ast.Sub):
            target = ast.unparse(line.target)
            yield edit("wrong-update", (line, f"{target} += {ast.unparse(line.value)}"))
            if isinstance(line.value, ast.BinOp):
                yield edit("wrong-update", (line.value, source(line.value.right)))
    for node in program.find(ast.BinOp):
        if isinstance(node.op, ast.Sub) and re.match(
            r"(rate|0\.1|0\.01) \*", ast.unparse(node.right)
        ):
            uphill = f"{source(node.left)} + {source(node.right)}"
            yield edit("wrong-update", (node, uphill))


def stale_value(program: Program) -> Iterator[Edit]:
    """The loss of before the step."""
    for line in program.find(ast.Assign):
        if bound(line) == {"loss_after"}:
            yield edit("stale-value", (line.value, "loss.detach()"))


def untrained(program: Program) -> Iterator[Edit]:
    """No step is ever made."""
    for line in program.find(ast.Expr):
        if (
            re.match(r"optimizer\.step\(", ast.unparse(line))
            and program.exercise.id == "fit-an-ode"
        ):
            yield edit("untrained", (line, None))


def no_threads(program: Program) -> Iterator[Edit]:
    """One after the other where threads were asked."""
    for call in program.find(ast.Call):
        if ast.unparse(call.func) == "in_threads" and len(call.args) == 2:
            work, parts = (source(a) for a in call.args)
            yield edit("no-threads", (call, f"[({work})(part) for part in {parts}]"))
            yield edit("last-part-only", (call, f"{ast.unparse(call)}[-1:]"))


def equality(program: Program) -> Iterator[Edit]:
    """Equal to the last bit, or within an absolute tolerance."""
    for line, value in program.answer_nodes():
        if "same_up_to_rounding" in _names(program, line) and "got" in ast.unparse(value):
            yield edit("exact-equality", (value, "bool((got == expected).all())"))
            near = "bool(((got - expected).abs() <= 1e-5).all())"
            yield edit("absolute-tolerance", (value, near))


def cut_off(program: Program) -> Iterator[Edit]:
    """`int` where rounding was asked."""
    for call in program.find(ast.Call):
        if ast.unparse(call.func) == "round" and len(call.args) == 1:
            yield edit("truncation-for-rounding", (call.func, "int"))


def bare_figure(program: Program) -> Iterator[Edit]:
    """No legend, no names of the axes."""
    for line in program.find(ast.Expr):
        if re.search(r"\.(legend|set_xlabel|xlabel|set)\(", ast.unparse(line)):
            yield edit("missing-labels", (line, None))


def own_function(program: Program) -> Iterator[Edit]:
    """An `autograd.Function` that returns nothing, too much, or is not used."""
    for cell in program.cells:
        for made in cell.tree.body:
            if not isinstance(made, ast.ClassDef):
                continue
            for call in program.find(ast.Call):
                if ast.unparse(call.func) == f"{made.name}.apply":
                    yield edit("own-function-not-used", (call, f"{source(call.args[0])} ** 3"))
            for line in program.find(ast.Return, made):
                if "backward" in [
                    n.name for n in program.above(line) if isinstance(n, ast.FunctionDef)
                ]:
                    assert line.value is not None
                    yield edit("backward-without-return", (line, ast.unparse(line.value)))
                    two = f"{source(line.value)}, {source(line.value)}"
                    yield edit("wrong-number-of-gradients", (line, f"return {two}"))


def order(program: Program) -> Iterator[Edit]:
    """A derivative of another order."""
    for call in program.find(ast.Call):
        if ast.unparse(call.func) == "derivative" and len(call.args) == 2:
            number = call.args[1]
            assert isinstance(number, ast.Constant) and isinstance(number.value, int)
            yield edit("wrong-order", (number, str(number.value - 1)))
    for line in program.find(ast.Assign):
        if bound(line) == {"second"} and program.exercise.id == "second-derivative":
            yield edit("wrong-order", (line, "second = first.detach()"))


def global_for_parameter(program: Program) -> Iterator[Edit]:
    """A function that takes its input and looks at the notebook's variable."""
    for made in program.find(ast.FunctionDef):
        answers = set().union(*program.answers.values()) if program.answers else set()
        if made.name not in answers:
            continue
        for parameter in made.args.args:
            if re.search(rf"^{parameter.arg} = ", program.locked, re.MULTILINE):
                text = re.sub(
                    rf"^(def \w+\(.*?)\b{parameter.arg}\b", r"\1given", ast.unparse(made), count=1
                )
                yield edit("global-for-parameter", (made, text))
                break


_FORMULAS = {
    ("sin-derivative-plot", "derivative"): "torch.cos(x.detach())",
    ("dot-gradient", "dot_gradient"): "4 * x.detach()",
    ("backward-twice", "first_gradient"): "4 * x.detach()",
    ("squared-norm", "sum_gradient"): "2 * x.detach()",
    ("squared-norm", "squared_length_gradient"): "2 * x.detach()",
    ("square-sum", "implicit"): "2 * z.detach()",
    ("reciprocal-gradient", "gradient"): "-1 / a.detach() ** 2",
    ("square-vjp", "derivative"): "2 * z.detach()",
    ("control-flow-vector", "vector_gradient"): "(f(vector) / vector).detach()",
    ("zero-grad", "with_clearing"): "[3 * a.detach() ** 0, 4 * b.detach(), 1 / c.detach()]",
    ("grad-does-not-accumulate", "first"): "(2 * x.T @ (x @ w) / 4).detach()",
    ("no-grad-update", "gradient"): "(2 * x.T @ (x @ w - targets) / 4).detach()",
    ("custom-function", "gradient"): "(torch.cos(x**3) * 3 * x**2).detach()",
}


def by_formula(program: Program) -> Iterator[Edit]:
    """The derivative by a formula, and no pass, where autograd was asked."""
    for line, value in program.answer_nodes():
        for name in _names(program, line):
            formula = _FORMULAS.get((program.exercise.id, name))
            tuples = isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Tuple)
            if formula is None:
                continue
            gone: list[tuple[ast.AST, str | None]] = [
                (value, f"({formula},)" if tuples else formula)
            ]
            for call in passes(program):
                near = program.statement(call)
                if program.scope(call) is program.scope(line) and isinstance(near, ast.Expr):
                    gone.append((near, None))
            yield edit("derivative-by-formula", *gone)


def _names(program: Program, line: ast.stmt) -> set[str]:
    scope = program.scope(line)
    return {scope.name} if isinstance(scope, ast.FunctionDef) else bound(line)


OPERATORS: tuple[Operator, ...] = (
    no_choice,
    wrong_choice,
    other_name,
    negated,
    scaled,
    value_for_gradient,
    another_variable,
    transposed,
    part_of_jacobian,
    turned_product,
    one_number,
    wrong_update,
    stale_value,
    untrained,
    no_threads,
    equality,
    cut_off,
    bare_figure,
    own_function,
    order,
    global_for_parameter,
    by_formula,
)
