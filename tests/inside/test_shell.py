"""A shell that takes a cell apart less often gives what IPython's gives."""

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from grader.inside.shell import Transformer

CELLS = (
    "", " ", "x = 1", "x = 1\n\n\n", "x\r\ny", "x\x0cy", "# only said", "def f():\n    ...",
    "x % 2", "'\"'\n%s", "  x = 1\n  y = 2", "\tx", "\n\nx = 1", ">>> x\n... y",
    "In [1]: x\n   ...: y", "y\n>>> x", "%time x", "!ls", "a = !ls", "a = %pwd", "x?", "x??\n",
    ",f a b", ";f a b", "/f a", "y\n  ,f a b", "%%time\nx", "%%bash\nls", "f'{x!r}'",
    "@d\nclass A: pass", "if x:\n    !ls",
)  # fmt: skip


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_becomes_the_same_python(cell):
    assert Transformer().transform_cell(cell) == TransformerManager().transform_cell(cell)


@pytest.mark.parametrize("kind", ["cleanup_transforms", "line_transforms", "token_transformers"])
def test_what_a_student_adds_takes_part(kind):
    """Most add to the second; each is asked."""
    asked = []

    class Own:
        priority = 1

        @classmethod
        def find(cls, tokens):
            asked.append(kind)

    def own(lines):
        asked.append(kind)
        return lines

    transformer = Transformer()
    getattr(transformer, kind).append(Own if kind == "token_transformers" else own)
    transformer.transform_cell("x = 1")
    assert asked
