"""IPython's shell and kernel, which do once, or not at all, what they do several times for a cell.

What a cell may say and what it gives are as in any other kernel.
"""

from __future__ import annotations

import hashlib
import os
import sys
from typing import Any

from ipykernel.compiler import XCachingCompiler, get_tmp_directory
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.inputtransformer2 import TransformerManager
from traitlets import Instance

_SIGNS = frozenset("%!?")  # of IPython's own commands, anywhere in a cell
_AT_BEGINNING = (",", ";", "/")  # and of some, only where a line begins
_PROMPTS = (">>>", "...", "In [")  # which IPython takes off


class Compiler(XCachingCompiler):  # type: ignore[misc]
    """ipykernel's compiler, with a hash that is not written in Python."""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        """The name of a cell's file, which there is not: the same for the same code."""
        told = hashlib.blake2b(raw_code.encode("utf-8", "replace"), digest_size=4).digest()
        return f"{get_tmp_directory()}{os.sep}{int.from_bytes(told)}.py"


class Transformer(TransformerManager):  # type: ignore[misc]
    """IPython's, which takes cells apart only where they may hold more than Python."""

    def __init__(self) -> None:
        super().__init__()
        self.usual = self.steps()

    def steps(self) -> tuple[Any, ...]:
        """What a cell goes through, which students may add to."""
        return (*self.cleanup_transforms, *self.line_transforms, *self.token_transformers)

    def transform_cell(self, cell: str) -> str:
        """A cell as Python."""
        if self.steps() == self.usual and _plain(cell):
            return cell if cell.endswith("\n") else f"{cell}\n"
        made: str = super().transform_cell(cell)
        return made

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        """The lines of a cell, IPython's own commands written as Python."""
        if self.steps() == self.usual and not any(map(_special, lines)):
            return lines
        found: list[str] = super().do_token_transforms(lines)
        return found


class Shell(ZMQInteractiveShell):  # type: ignore[misc]
    """IPython's shell, which transforms a cell once, though ipykernel asks for it too."""

    input_transformer_manager = Instance(Transformer, ())
    transformed: tuple[str, str] | None = None

    def transform_cell(self, raw_cell: str) -> str:
        """The cell as plain Python."""
        known, self.transformed = self.transformed, None
        if known is not None and known[0] == raw_cell:
            return known[1]
        made: str = super().transform_cell(raw_cell)
        self.transformed = raw_cell, made
        return made

    def may_await(self, raw_cell: str) -> bool:
        """Whether a cell is more than plain Python that awaits nothing, or may be."""
        try:
            return _awaits(self.transform_cell(raw_cell))
        except Exception:  # told when it is run
            return True

    def should_run_async(
        self, raw_cell: str, *, transformed_cell: str | None = None, **more: Any
    ) -> bool:
        """Whether the cell awaits at its top level: IPython compiles it to find out."""
        if not _awaits(transformed_cell or ""):
            return False
        found: bool = super().should_run_async(raw_cell, transformed_cell=transformed_cell, **more)
        return found


class Kernel(IPythonKernel):  # type: ignore[misc]
    """ipykernel's kernel for one client, which sent the cell and asks for nothing but its outputs.

    The cell is not sent back to it, and the reply does not repeat what was published.
    """

    async def execute_request(self, stream: Any, ident: Any, parent: Any) -> None:
        """Run a cell."""
        code = parent["content"]["code"]
        shell = self.shell
        if shell.may_await(code):
            done = (await self.do_execute(code, False))["status"] == "ok"
        else:
            self._forward_input(False)
            try:
                done = shell.run_cell(code, store_history=True).success
            finally:
                self._restore_input()
            shell.payload_manager.clear_payload()
        for printed in (sys.stdout, sys.stderr):
            if printed is not None:
                printed.flush()
        content = {"status": "ok"} if done else {"status": "error", "ename": "", "evalue": ""}
        self.session.send(stream, "execute_reply", content, parent, ident=ident)


def _awaits(plain: str) -> bool:
    return "await" in plain or "async" in plain


def _plain(cell: str) -> bool:
    """Whether a cell is Python as it stands, whatever of IPython's it is looked through for."""
    return (
        bool(cell[:1].strip())
        and not any(prompt in cell for prompt in _PROMPTS)
        and not any(map(_special, cell.splitlines()))
    )


def _special(line: str) -> bool:
    return not _SIGNS.isdisjoint(line) or line.lstrip().startswith(_AT_BEGINNING)
