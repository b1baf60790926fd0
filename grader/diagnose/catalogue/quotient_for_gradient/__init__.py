"""f(a)/a for f'(a): right only where the function is a straight line through zero."""

from __future__ import annotations

import ast

from grader.diagnose.facts import Facts
from grader.diagnose.source import base, called, returned, said
from grader.diagnose.trials import told
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """The value of a function divided by its argument, in an answer that is not right."""
    for finding, _, node in facts.answers(("failed",)):
        results = returned(node) if isinstance(node, ast.FunctionDef) else (node,)
        for result in results:
            quotient = next((n for n in nodes_of(result) if _quotient(n)), None)
            wrong = [t for t in facts.trials if t.check == finding.check and not t.right]
            if quotient is not None and wrong and facts.about_gradient(finding):
                return told("quotient-for-gradient", 0.95, wrong, code=said(quotient))
    return None


def _quotient(node: ast.AST) -> bool:
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div):
        return False
    over, under = node.left, node.right
    while isinstance(over, ast.Call) and called(over) in ("detach", "clone", "item"):
        over = over.func.value if isinstance(over.func, ast.Attribute) else over.args[0]
    return (
        isinstance(over, ast.Call)
        and len(over.args) == 1
        and isinstance(over.args[0], ast.expr)
        and base(over.args[0]) is not None
        and base(over.args[0]) == base(under)
    )
