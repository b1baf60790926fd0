"""Every message that a check can give: id → the names of its parameters.

The report's catalogs have a text for each. A parameter `cell`, `value`, `function` or `name` is the
student's own identifier, `text` an exception's words, the others are said where they are used.
"""

from __future__ import annotations

from collections.abc import Mapping

MESSAGES: Mapping[str, tuple[str, ...]] = {
    "check.passed": (),
    "check.skipped": ("needs",),
    "check.undecidable": ("value", "dtype"),
    # the grader's or the author's fault
    "check.needs": ("needs",),
    "check.not_asked": ("what",),
    "check.reference.absent": (),
    "check.reference.broken": ("why",),
    # the reference has no answer for this run's values: why is timeout, memory or raised
    "check.reference.failed": ("why",),
    # cells
    "check.cell.absent": ("cell",),
    "check.cell.not_run": ("cell",),
    "check.cell.timeout": ("cell",),
    "check.cell.crashed": ("cell",),
    "check.cell.empty": ("cell",),
    "check.own_names": (),
    # values
    "check.value.absent": ("value", "cell"),
    "check.value.after_error": ("value", "cell", "type", "text"),
    "check.value.none": ("value",),
    "check.value.placeholder": ("value",),
    "check.value.kind": ("value", "kind"),
    "check.value.unobservable": ("value", "why"),
    "check.value.bound": ("value",),
    "check.value.differs": ("value",),
    "check.value.not_finite": ("value",),
    "check.value.coarse": ("dtype", "given"),
    "check.value.shape": ("value", "actual", "expected"),
    "check.role.absent": ("role",),
    "check.tensor.must_be_none": ("value",),
    "check.tensor.not_a_tensor": ("value", "kind"),
    "check.tensor.dtype": ("value", "actual", "expected"),
    "check.tensor.must_require_grad": ("value",),
    "check.tensor.must_not_require_grad": ("value",),
    "check.tensor.must_be_leaf": ("value",),
    "check.tensor.must_not_be_leaf": ("value",),
    "check.tensor.grad_fn": ("value", "actual", "expected"),
    "check.tensor.must_be_in_place": ("value",),
    "check.tensor.must_not_be_in_place": ("value",),
    # passes
    "check.event.none": (),
    "check.event.none_after_error": ("type", "text"),
    "check.event.bound": ("total",),
    "check.event.raised": ("type", "text"),
    "check.event.not_raised": ("expected",),
    "check.event.other_error": ("expected", "type", "text"),
    "check.event.must_retain": (),
    "check.event.must_not_retain": (),
    "check.event.fills_nothing": (),
    "check.event.no_argument": (),
    "check.event.an_argument": (),
    "check.event.fills_grad": (),
    "check.event.no_gradient": (),
    # calls; inputs is a short rendering of the failing case's inputs
    "check.call.absent": ("function", "cell"),
    "check.call.raised": ("function", "inputs", "type", "text"),
    "check.call.timeout": ("function", "inputs"),
    "check.call.crashed": ("function", "inputs"),
    "check.call.returned_none": ("function", "inputs"),
    "check.call.changed": ("function", "inputs", "name"),
    "check.call.must_require_grad": ("function", "inputs"),
    "check.call.must_not_require_grad": ("function", "inputs"),
    "check.call.no_gradient": ("function", "inputs", "name"),
    "check.call.differs": ("function", "inputs"),
    "check.call.gradient_differs": ("function", "inputs", "name"),
    # figures; index counts the curves that are asked for from 1
    "check.figure.none": (),
    "check.figure.bound": (),
    "check.figure.curves": ("actual", "expected"),
    "check.figure.no_curve": ("index", "drawn"),
    "check.figure.not_autograd": ("index",),
    "check.figure.other_x": (),
    "check.figure.points": ("actual", "expected"),
    "check.figure.range": ("low", "high"),
    "check.figure.legend": (),
    "check.figure.xlabel": (),
    "check.figure.ylabel": (),
    "check.figure.title": (),
    # source
    "check.source.forbidden": ("name", "line"),
    "check.source.required": ("name",),
    "check.source.unreadable": (),
    "check.source.partly_unreadable": ("cells",),
    # choices
    "check.choice.invalid": ("value", "options"),
    "check.choice.wrong": ("value", "chosen"),
    # runs with other inputs; status is timeout, crashed or missing
    "check.vary.differs": ("value",),
    "check.vary.rebound": ("name",),
    "check.vary.failed": ("status",),
    "check.vary.raised": ("type", "text"),
    "check.vary.impossible": (),
}
