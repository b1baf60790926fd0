"""A part of a table of derivatives is named as that part, and other numbers are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.check.builders import backward, leaf_tensor, tensor
from tests.diagnose.number_cases import CALLS, OTHER, TABLE, Called, Celled, X, Y, called, celled

PARTS = {"row-of-jacobian", "column-of-jacobian", "diagonal-of-jacobian", "whole-jacobian"}


def ids(named):
    return [one.id for one in named]


def of_tables(part, source="def slope(x):\n    ..."):
    cases = [({"x": x}, table, part(table)) for x, table in ((X, TABLE), (Y, OTHER))]
    return Called(cases, source)


def test_the_evidence_says_which_row_and_what_shape_is_asked_for():
    (first, *_) = called(CALLS["row-of-jacobian"])
    assert (first.params["index"], first.params["shape"]) == (1, "(2, 4)")
    (first, *_) = called(CALLS["column-of-jacobian"])
    assert (first.params["index"], first.params["shape"]) == (2, "(2, 4)")


@pytest.mark.parametrize(
    "part",
    [
        lambda table: table[0] + table[1],
        lambda table: -table[0],
        lambda table: table[0][:2],
        lambda table: table.T,
        lambda table: table[0] if table is TABLE else table[1],
    ],
    ids=["sum of rows", "negated row", "half a row", "transposed", "another row each time"],
)
def test_what_is_no_part_is_not_called_one(part):
    assert not PARTS & set(ids(called(of_tables(part))))


def test_a_row_of_a_gradient_that_is_a_table_itself_is_no_row_of_a_jacobian():
    cases = [({"x": table}, 2 * table, 2 * table[1]) for table in (TABLE, OTHER)]
    assert not PARTS & set(ids(called(Called(cases))))
    leaf = leaf_tensor(TABLE)
    kept = Celled(
        {"gradient": tensor(2 * TABLE[0])},
        {"gradient": 2 * TABLE},
        events=(backward(leaf, 2 * TABLE),),
        source="y.backward()\ngradient = x.grad[0]",
        inputs={"x": leaf},
    )
    assert not PARTS & set(ids(celled(kept)))


def test_a_row_that_all_others_add_nothing_to_may_be_the_sum():
    tables = [np.stack([x, 0 * x]) for x in (X, Y)]
    cases = [({"x": x}, table, table[0]) for x, table in zip((X, Y), tables, strict=True)]
    assert "row-of-jacobian" not in ids(called(Called(cases)))


def test_a_table_by_broadcasting_is_no_jacobian():
    case = CALLS["whole-jacobian"]
    source = "def slope(x):\n    return x.reshape(-1, 1) * torch.eye(4) * 2"
    assert "whole-jacobian" not in ids(called(replace(case, source=source)))


def test_a_jacobian_of_another_function_does_not_hold_what_is_asked_for():
    case = CALLS["whole-jacobian"]
    cases = [(inputs, wanted, table + 1) for inputs, wanted, table in case.cases]
    assert "whole-jacobian" not in ids(called(replace(case, cases=cases)))
