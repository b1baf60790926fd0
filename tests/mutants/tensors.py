"""Mistakes about tensors: leaves, graphs, types and what is written in place."""

# ruff: noqa: SIM102 - what a site is comes first, and then what it has to be
from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from .passes import backward, grad, leaves, passes, root, unrecorded
from .program import Edit, Operator, Program, bound, edit, method, source


def drop_requires_grad(program: Program) -> Iterator[Edit]:
    """Nobody said that gradients are wanted."""
    for call in program.find(ast.Call):
        receiver = method(call, "requires_grad_")
        if receiver is not None:
            cut = " detached-early" if _detached(program, receiver) else ""
            truth = "no-requires-grad differentiated-without-grad" + cut
            yield edit(truth, (call, ast.unparse(receiver)))
        wanted = [k for k in call.keywords if k.arg == "requires_grad"]
        if wanted:
            rest = [ast.unparse(n) for n in [*call.args, *call.keywords] if n not in wanted]
            bare = f"{ast.unparse(call.func)}({', '.join(rest)})"
            cut = " detached-early" if ".item()" in bare or ".detach()" in bare else ""
            yield edit("no-requires-grad differentiated-without-grad" + cut, (call, bare))
    for line in program.find(ast.Assign):
        if ast.unparse(line.targets[0]).endswith(".requires_grad"):
            owner = line.targets[0]
            assert isinstance(owner, ast.Attribute)
            cut = " detached-early" if _detached(program, owner.value) else ""
            yield edit("no-requires-grad differentiated-without-grad" + cut, (line, None))


def _detached(program: Program, node: ast.expr) -> bool:
    """Whether it is cut off itself, or a name for something that is."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "detach":
            return True
        node = node.func.value
    if not isinstance(node, ast.Name):
        return ".detach()" in ast.unparse(node)
    scope = program.scope(node)
    lines = program.find(ast.Assign, scope)
    if any(node.id in bound(n) and ".detach()" in ast.unparse(n.value) for n in lines):
        return True
    return any(  # elements of what is cut off are cut off too
        node.id in {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
        and ".detach()" in ast.unparse(loop.iter)
        for loop in program.find(ast.For, scope)
    )


def missing_underscore(program: Program) -> Iterator[Edit]:
    """`x.requires_grad(True)`: the method ends in an underscore."""
    for call in program.find(ast.Call):
        receiver = method(call, "requires_grad_")
        if receiver is not None:
            wrong = f"{source(receiver)}.requires_grad(True)"
            yield edit("missing-underscore", (call, wrong))


def integer_leaf(program: Program) -> Iterator[Edit]:
    """Whole numbers cannot require gradients."""
    for call in program.find(ast.Call):
        receiver = method(call, "requires_grad_")
        if receiver is None:
            continue
        if isinstance(receiver, ast.Name):
            line = program.statement(call)
            cast = f"{receiver.id} = {receiver.id}.long()\n{ast.unparse(line)}"
            yield edit("integer-input", (line, cast))
        else:
            yield edit("integer-input", (receiver, f"{source(receiver)}.long()"))


def not_a_leaf(program: Program) -> Iterator[Edit]:
    """Something is done to the leaf before it gets its name: `.grad` stays None."""
    for call in program.find(ast.Call):
        if method(call, "requires_grad_") is not None and isinstance(
            program.parents.get(call), ast.Assign
        ):
            truth = "not-a-leaf gradient-of-a-clone"
            yield edit(truth, (call, f"{ast.unparse(call)}.clone()"))


def keep_attached(program: Program) -> Iterator[Edit]:
    """`detach()` forgotten: a copy that is no leaf, or numpy of something with a graph."""
    for call in program.find(ast.Call):
        receiver = method(call, "detach")
        if receiver is None or call.args:
            continue
        around = ast.unparse(program.statement(call))
        after = around.split(ast.unparse(call), 1)[-1]
        if after.startswith(".numpy()") or "plt." in around or "ax." in around:
            yield edit("numpy-on-grad", (call, ast.unparse(receiver)))
        elif re.match(r"\.(clone|double|to)\(.*requires_grad_", after):
            cloned = " gradient-of-a-clone" if after.startswith(".clone(") else ""
            yield edit("not-a-leaf" + cloned, (call, ast.unparse(receiver)))


def numpy_of_output(program: Program) -> Iterator[Edit]:
    """`.numpy()` of what a pass shall start from."""
    for line in _forward(program):
        yield edit("numpy-on-grad", (line.value, f"{source(line.value)}.numpy()"))


def detached_output(program: Program) -> Iterator[Edit]:
    """The output is cut off before the pass."""
    for line in _forward(program):
        yield edit("detached-early", (line.value, f"{source(line.value)}.detach()"))


def detached_input(program: Program) -> Iterator[Edit]:
    """The formula is made of a copy that is cut off."""
    for line in _forward(program):
        names = [n for n in ast.walk(line.value) if isinstance(n, ast.Name)]
        used = [n for n in names if n.id in leaves(program, line) or n.id in ("x", "z")]
        if used:
            first = used[0].id
            same = [(n, f"{first}.detach()") for n in used if n.id == first]
            truth = "detached-early input-not-in-graph"
            call = line.value.value if isinstance(line.value, ast.Subscript) else line.value
            if grad(call) and isinstance(call, ast.Call) and len(call.args) > 1:
                if any(node is n for n in ast.walk(call.args[1]) for node, _ in same):
                    truth += " differentiated-without-grad"  # it is what is differentiated by
            yield edit(truth, *same)


def under_no_grad(program: Program) -> Iterator[Edit]:
    """The forward pass records nothing."""
    for line in _forward(program):
        block = f"with torch.no_grad():\n    {ast.unparse(line)}"
        more = unrecorded(program, line)
        yield edit("detached-early under-no-grad" + more, (line, block))


def rebuilt_tensor(program: Program) -> Iterator[Edit]:
    """`torch.tensor([…])` of tensors drops the graph."""
    for call in program.find(ast.Call):
        name = ast.unparse(call.func)
        if name in ("torch.stack", "torch.cat", "torch.vstack") and len(call.args) == 1:
            if isinstance(call.args[0], ast.List) and "grad" not in ast.unparse(call.args[0]):
                yield edit("graph-dropped", (call.func, "torch.tensor"))
    for line in _forward(program):
        made = f"torch.tensor({source(line.value)}.tolist())"
        truth = "graph-dropped detached-early" + unrecorded(program, line)
        yield edit(truth, (line.value, made))


def written_into_leaf(program: Program) -> Iterator[Edit]:
    """A leaf is changed in place."""
    for line in _forward(program):
        names = {n.id for n in ast.walk(line.value) if isinstance(n, ast.Name)}
        used = [name for name in leaves(program, line) if name in names]
        if used:
            changed = f"{used[0]} += 1\n{ast.unparse(line)}"
            yield edit("in-place-on-leaf", (line, changed))
            element = f"{used[0]}[0] = 1.0\n{ast.unparse(line)}"
            yield edit("in-place-on-view in-place-on-leaf", (line, element))


def graph_in_update(program: Program) -> Iterator[Edit]:
    """An update outside `no_grad`."""
    for block in program.find(ast.With):
        if "no_grad" in ast.unparse(block.items[0]):
            body = "\n".join(ast.unparse(line) for line in block.body)
            if any(isinstance(line, ast.AugAssign) for line in block.body):
                yield edit("in-place-on-leaf", (block, body))


def replaced_leaf(program: Program) -> Iterator[Edit]:
    """`w = w - …` in place of `w -= …`: w is another tensor then."""
    for line in program.find(ast.AugAssign):
        above = list(program.above(line))
        if any(isinstance(n, ast.With) and "no_grad" in ast.unparse(n.items[0]) for n in above):
            name = ast.unparse(line.target)
            sign = "-" if isinstance(line.op, ast.Sub) else "+"
            plain = f"{name} = {name} {sign} {source(line.value)}"
            yield edit("leaf-replaced", (line, plain))


def clone_forgotten(program: Program) -> Iterator[Edit]:
    """`r = x; r[0] = 0` writes into x."""
    for line in program.find(ast.Assign):
        receiver = method(line.value, "clone")
        if isinstance(receiver, ast.Name):
            name = ast.unparse(line.targets[0])
            later = ast.unparse(program.scope(line))
            if f"{name}[" in later or f"{name} +=" in later:
                truth = "in-place-on-view in-place-on-leaf"
                yield edit(truth, (line.value, receiver.id))


def saved_value_changed(program: Program) -> Iterator[Edit]:
    """A result that its own derivative needs is changed in place."""
    for line in program.find(ast.Assign):
        value = line.value
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
            if "exp(" in ast.unparse(value.left):
                name = ast.unparse(line.targets[0])
                two = f"{name} = {ast.unparse(value.left)}\n{name} += {ast.unparse(value.right)}"
                yield edit("in-place-on-saved-value", (line, two))


def data_edited(program: Program) -> Iterator[Edit]:
    """`.data` is changed between forward and backward: no error, another gradient."""
    for call in passes(program):
        line, names = program.statement(call), leaves(program, call)
        if backward(call) is not None and names and isinstance(line, ast.Expr):
            yield edit("data-edited", (line, f"{names[0]}.data += 1\n{ast.unparse(line)}"))


def aliased(program: Program) -> Iterator[Edit]:
    """`g = x.grad` without a copy, and `.grad` is zeroed in place afterwards."""
    for line in program.find(ast.Assign):
        copied = method(line.value, "clone", "copy", "tolist", "item")
        if copied is None or not ast.unparse(copied).endswith((".grad", ".grad.numpy()")):
            continue
        changes: list[tuple[ast.AST, str | None]] = [(line.value, ast.unparse(copied))]
        leaf = ast.unparse(copied).split(".grad")[0]
        cleared = False
        for later in program.find(ast.Assign):
            targets = [ast.unparse(t) for t in later.targets]
            if later.lineno and f"{leaf}.grad" in targets and "None" in ast.unparse(later.value):
                zero = "\n".join(f"{t}.zero_()" for t in targets)
                guard = f"if {leaf}.grad is not None:\n    " + zero.replace("\n", "\n    ")
                changes.append((later, guard))
                cleared = True
        yield edit("aliased-gradient", *(changes if cleared else changes[:1]))


def wrong_precision(program: Program) -> Iterator[Edit]:
    """The dtype of the input is not kept, or float64 is not used where it was asked."""
    for call in program.find(ast.Call):
        typed = [k for k in call.keywords if k.arg == "dtype"]
        if typed:
            rest = [ast.unparse(n) for n in [*call.args, *call.keywords] if n not in typed]
            # float32 among the float64 of the rest: products refuse such a mixture
            bare = f"{ast.unparse(call.func)}({', '.join(rest)})"
            yield edit("wrong-precision mixed-dtypes", (call, bare))
        receiver = method(call, "double")
        if receiver is not None:
            yield edit("wrong-precision mixed-dtypes", (call, f"{source(receiver)}.float()"))
    for line, value in program.gradients():
        if isinstance(line, ast.Return):
            scope = program.scope(line)
            used = isinstance(scope, ast.FunctionDef) and any(
                ast.unparse(call.func) == scope.name for call in program.find(ast.Call)
            )
            # What it is multiplied with elsewhere is no half.
            truth = "wrong-precision" + (" mixed-dtypes" if used else "")
            yield edit(truth, (value, f"{source(value)}.half()"))


def replaced_inputs(program: Program) -> Iterator[Edit]:
    """Inputs of one's own in place of those that were given."""
    first = next((c for c in program.cells if c.name is not None), None)
    if first is None or not first.tree.body:
        return
    for name in re.findall(r"^(\w+) = torch\.", program.locked, re.MULTILINE):
        wanted = re.search(rf"^{name} = .*requires_grad=True", program.locked, re.MULTILINE)
        flag = ".requires_grad_()" if wanted else ""
        line = first.tree.body[0]
        own = f"{name} = torch.full_like({name}, 2.5).detach(){flag}\n{ast.unparse(line)}"
        yield edit("replaced-inputs", (line, own))


def _forward(program: Program) -> Iterator[ast.Assign]:
    starts = {ast.unparse(start) for c in passes(program) if (start := root(c)) is not None}
    for line in program.find(ast.Assign):
        target = line.targets[0]
        if isinstance(target, ast.Name) and target.id in starts and len(line.targets) == 1:
            if not isinstance(line.value, ast.Name | ast.Constant | ast.Tuple):
                yield line


OPERATORS: tuple[Operator, ...] = (
    drop_requires_grad,
    missing_underscore,
    integer_leaf,
    not_a_leaf,
    keep_attached,
    numpy_of_output,
    detached_output,
    detached_input,
    under_no_grad,
    rebuilt_tensor,
    written_into_leaf,
    graph_in_update,
    replaced_leaf,
    clone_forgotten,
    saved_value_changed,
    data_edited,
    aliased,
    wrong_precision,
    replaced_inputs,
)
