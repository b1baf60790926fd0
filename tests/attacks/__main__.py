"""`python -m tests.attacks [names]`: one line an attack; exit 1 when one got through.

As root, all of it runs twice, side by side: as root, and as the ordinary user `nobody`.
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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.attacks import attack as attacks
from tests.attacks import elsewhere
from tests.attacks.attack import Attack
from tests.attacks.harness import COURSE, Range, verdict

_AGAIN = (sys.executable, "-m", "tests.attacks")


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
            said = "held   " if not wrong else "FAILED "
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


def try_in_a_course(names: Sequence[str], options: Sequence[str]) -> Tally:
    """Try attacks from an editable install in a copy of this course."""
    print("From an editable install whose environment lies in the course:", flush=True)
    with tempfile.TemporaryDirectory(prefix="ga-course-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        command, environment = elsewhere.in_a_course(folder)
        again = [*command, "-m", "tests.attacks", "--here", *options, *names]
        return try_there(again, environment, folder)


def try_alone(chosen: Collection[Attack], *, prove: bool) -> Tally:
    """Try attacks as this user, each from the install that it wants."""
    tally = Tally()
    if plain := [attack for attack in chosen if not attack.editable]:
        tally += try_here(plain, prove=prove)
    if editable := [attack.name for attack in chosen if attack.editable]:
        tally += try_in_a_course(editable, [] if prove else ["--held"])
    return tally


def try_as(user: str, arguments: Sequence[str]) -> list[str]:
    """The lines that trying attacks as another user prints."""
    try:
        with elsewhere.as_user(user) as (command, environment):
            return list(elsewhere.lines([*command, *_AGAIN, *arguments], environment, COURSE))
    except OSError as error:
        return [f"Not tried as {user}: {error}", str(Tally())]


def try_as_both(arguments: Sequence[str]) -> Tally:
    """Try attacks as root, and beside it as nobody, whose lines follow.

    Each in a process of its own, so that neither takes the other's processes for survivors.
    """
    with ThreadPoolExecutor() as pool:
        other = pool.submit(try_as, "nobody", arguments)
        tally = try_there([*_AGAIN, *arguments], os.environ, COURSE)
        said = other.result()
    print(*said, sep="\n", flush=True)
    return tally + (Tally.of(said[-1] if said else "") or Tally(failed=1))


def main() -> int:
    """Read the command line, and try what it names."""
    parser = argparse.ArgumentParser("python -m tests.attacks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help="of attacks; all by default")
    parser.add_argument("--user", metavar="NAME", help="only as this user (for root)")
    parser.add_argument("--alone", action="store_true", help="only as the user that you are")
    parser.add_argument("--here", action="store_true", help="and only from this install")
    parser.add_argument("--held", action="store_true", help="do not switch layers off as well")
    asked = parser.parse_args()
    every = attacks.every()
    unknown = set(asked.names) - {attack.name for attack in every}
    if unknown:
        parser.error(f"no such attack: {', '.join(sorted(unknown))}")
    chosen = [attack for attack in every if not asked.names or attack.name in asked.names]
    arguments = ["--alone", *(["--held"] if asked.held else []), *asked.names]
    if asked.here:
        tally = try_here(chosen, prove=not asked.held)
    elif asked.user:
        with elsewhere.as_user(asked.user) as (command, environment):
            tally = try_there([*command, *_AGAIN, *arguments], environment, COURSE)
    elif asked.alone or os.geteuid() != 0:
        tally = try_alone(chosen, prove=not asked.held)
    else:
        tally = try_as_both(arguments)
    print(tally, flush=True)
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
