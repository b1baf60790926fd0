"""`python -m tests.attacks [names]`: one line an attack; exit 1 when one got through.

As root, all of it runs twice: as root, and as the ordinary user `nobody`.
"""

from __future__ import annotations

import argparse
import os
import pwd
import re
import sys
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.attacks import attack as attacks
from tests.attacks import elsewhere
from tests.attacks.attack import Attack
from tests.attacks.harness import COURSE, Range, verdict


@dataclass(frozen=True)
class Tally:
    """How many attacks were held, got through, or could not be tried."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )

    def __str__(self) -> str:
        skipped = f"{self.skipped} could not be tried here\n" if self.skipped else ""
        return f"{skipped}{self.passed} passed, {self.failed} failed"

    @classmethod
    def of(cls, line: str) -> Self | None:
        """What another process's last line says."""
        found = re.fullmatch(r"(\d+) passed, (\d+) failed", line)
        return cls(int(found[1]), int(found[2])) if found else None


def try_here(chosen: Collection[Attack], *, prove: bool) -> Tally:
    """Try attacks as this user, in this place."""
    tally = Tally()
    with Range() as place:
        who = pwd.getpwuid(os.geteuid()).pw_name
        print(f"As {who}, with: {', '.join(place.on().isolation) or 'nothing'}", flush=True)
        for attack in chosen:
            missing = place.missing(attack)
            if missing is not None:
                tally += Tally(skipped=1)
                print(f"skipped  {attack.name}: {missing}", flush=True)
                continue
            begin = time.monotonic()
            wrong = verdict(place, attack, prove=prove)
            tally += Tally(failed=1) if wrong else Tally(passed=1)
            said = "FAILED " if wrong else "held   "
            print(f"{said}  {attack.name}  {time.monotonic() - begin:.1f} s", flush=True)
            for line in wrong:
                print(f"         {line}", flush=True)
    return tally


def try_there(command: Sequence[str], environment: Mapping[str, str], cwd: Path) -> Tally:
    """Try attacks in another process, whose lines are passed on."""
    line = ""
    for line in elsewhere.lines(command, environment, cwd):
        print(line, flush=True)
    return Tally.of(line) or Tally(failed=1)


def try_in_a_course(chosen: Collection[Attack], options: list[str]) -> Tally:
    """Try attacks from an editable install in a copy of this course."""
    with tempfile.TemporaryDirectory(prefix="ga-course-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        command, environment = elsewhere.in_a_course(folder)
        print("From an editable install whose environment lies in the course:", flush=True)
        names = [attack.name for attack in chosen]
        return try_there([*command, "-m", "tests.attacks", "--here", *options, *names],
                         environment, folder)  # fmt: skip


def try_as(user: str, options: list[str]) -> Tally:
    """Try attacks as another user."""
    with elsewhere.as_user(user) as (command, environment):
        again = [*command, sys.executable, "-m", "tests.attacks", *options]
        return try_there(again, environment, COURSE)


def main() -> int:
    """Read the command line, and try what it names."""
    parser = argparse.ArgumentParser("python -m tests.attacks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help="of attacks; all by default")
    parser.add_argument("--user", metavar="NAME", help="only as this user (for root)")
    parser.add_argument("--here", action="store_true", help="only as this user, from this install")
    parser.add_argument("--held", action="store_true", help="do not switch layers off as well")
    asked = parser.parse_args()
    every = attacks.every()
    unknown = set(asked.names) - {attack.name for attack in every}
    if unknown:
        parser.error(f"no such attack: {', '.join(sorted(unknown))}")
    chosen = [attack for attack in every if not asked.names or attack.name in asked.names]
    options = ["--held"] if asked.held else []
    if asked.user:
        tally = try_as(asked.user, [*options, *asked.names])
    elif asked.here:
        tally = try_here(chosen, prove=not asked.held)
    else:
        tally = Tally()
        if plain := [attack for attack in chosen if not attack.editable]:
            tally += try_here(plain, prove=not asked.held)
        if editable := [attack for attack in chosen if attack.editable]:
            tally += try_in_a_course(editable, options)
        if os.geteuid() == 0:
            tally += try_as("nobody", [*options, *asked.names])
    print(tally, flush=True)
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
