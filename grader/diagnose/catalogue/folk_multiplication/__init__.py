"""Believed: `backward(v)` multiplies by the tensor, or the gradient is to be multiplied after."""

from __future__ import annotations

import ast

import numpy as np

from grader.diagnose.arrays import alike
from grader.diagnose.facts import Facts
from grader.diagnose.passes import given
from grader.diagnose.source import called, reads_gradient, returned, said, walk
from grader.diagnose.trials import Trial, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """A gradient of autograd's that was multiplied by a tensor, in an answer that is not right."""
    found = []
    code = ""
    for finding, check, node in facts.answers(("failed",)):
        wrong = [t for t in facts.trials if t.check == finding.check and not t.right]
        results = returned(node) if isinstance(node, ast.FunctionDef) else (node,)
        product = next((p for one in results if (p := _product(facts, check, one))), None)
        if product is None or not wrong or not all(_alone(trial) for trial in wrong):
            continue
        found += wrong
        code = code or said(product)
    return told("folk-multiplication", 0.97, found, code=code)


def _alone(trial: Trial) -> bool:
    """A pass gave the right thing; in a call none is seen."""
    gave = [one for event in trial.passes for one in given(event).values()]
    if np.isnan(trial.actual).any():
        return False  # 0 · ∞: a chain rule that is right elsewhere
    return any(alike(one, trial.expected) for one in gave) or not trial.names


def _product(facts: Facts, check: TensorCheck | CallCheck, node: ast.AST) -> ast.BinOp | None:
    """`x.grad * z`, at the top of the expression, whatever is detached around it."""
    current = node
    while isinstance(current, ast.Call) and isinstance(current.func, ast.Attribute):
        current = current.func.value
    if not isinstance(current, ast.BinOp) or not isinstance(current.op, ast.Mult):
        return None
    for one, other in ((current.left, current.right), (current.right, current.left)):
        tensor = any(isinstance(n, ast.Name) for n in nodes_of(other))
        plain = not reads_gradient(other) and not _number(other) and not _mask(other)
        if _is_grad(one) and tensor and plain:
            return current
    return None


def _is_grad(node: ast.expr) -> bool:
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if called(node) == "grad":
            return True
        node = node.func.value
    return isinstance(node, ast.Attribute) and node.attr == "grad"


def _mask(node: ast.expr) -> bool:
    """Whether it says where something holds: that chooses among the gradients."""
    return any(isinstance(n, ast.Compare) for n in walk(node))


def _number(node: ast.expr) -> bool:
    return all(
        isinstance(n, ast.Constant | ast.operator | ast.unaryop | ast.BinOp | ast.UnaryOp)
        for n in walk(node)
    )
