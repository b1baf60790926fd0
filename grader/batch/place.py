"""The folder that a batch writes into: one batch at a time, one seed for all of them.

batch.json        {"batch": 1, "seed": …}, written before anything is graded
gradebook.db      the marks, unless the gradebook is elsewhere
results.csv       the table
class.html        the class's page
reports/          a page for each student
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from grader import system
from grader.errors import CallError
from grader.pipeline import draw_seed

FORMAT = 1


class Place:
    """An output folder, made where there is none and kept from other batches while it is open.

    Args:
        folder: where.
        write: writes a file whole or not at all.

    Raises:
        CallError: it cannot be made, or another batch is writing into it.
    """

    def __init__(self, folder: Path, write: Callable[[Path, bytes], None]) -> None:
        self.folder = folder
        self.write = write
        self.reports = folder / "reports"
        self.table = folder / "results.csv"
        self.page = folder / "class.html"
        self.book = folder / "gradebook.db"
        try:
            if not folder.exists():
                folder.mkdir(parents=True, mode=0o700)  # it will hold everybody's marks
            self.reports.mkdir(exist_ok=True)
            self._lock = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise CallError(
                f"{folder}: expected a folder that can be written, found: {error.strerror}. "
                "Name another with -o."
            ) from error
        if not system.lock(self._lock):
            os.close(self._lock)
            raise CallError(
                f"{folder}: another batch is writing here. Wait until it has ended, or name "
                "another folder with -o."
            )

    def seed(self, wanted: int | None) -> int:
        """The seed of every batch in this folder: the one of the first, which is written down.

        Raises:
            CallError: another one is wanted, or what was written cannot be read.
        """
        path = self.folder / "batch.json"
        if not path.exists():
            seed = draw_seed() if wanted is None else wanted
            self.write(path, json.dumps({"batch": FORMAT, "seed": seed}).encode() + b"\n")
            return seed
        try:
            noted = json.loads(path.read_bytes())
            seed, form = noted["seed"], noted["batch"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CallError(
                f'{path}: expected {{"batch": 1, "seed": …}}, found {error!r}. Put it back, or '
                "name another folder with -o."
            ) from error
        if form != FORMAT or not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
            raise CallError(
                f"{path}: batch, seed: expected {FORMAT} and a whole number from 0, found {form!r} "
                f"and {seed!r}. Put it back, or name another folder with -o."
            )
        if wanted is not None and wanted != seed:
            raise CallError(
                f"--seed: expected {seed}, with which the batch in {path} began, found {wanted}. "
                "Leave --seed out to go on, or name another folder with -o."
            )
        return seed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._lock)
