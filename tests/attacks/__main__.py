"""`python -m tests.attacks [names]`: one line an attack; exit 1 when one got through.

As root, all of it runs again as the ordinary user `nobody`, where that one may read what is needed.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import tempfile

from tests.attacks import attack as attacks
from tests.attacks.harness import COURSE, Range, verdict


def main(names: list[str]) -> int:
    """Run attacks as this user."""
    unknown = set(names) - set(attacks.names())
    if unknown:
        print(f"no such attack: {', '.join(sorted(unknown))}")
        return 2
    passed = failed = skipped = 0
    with Range() as place:
        who = pwd.getpwuid(os.geteuid()).pw_name
        print(f"As {who}, with: {', '.join(place.on().isolation) or 'nothing'}", flush=True)
        for name in names or attacks.names():
            attack = attacks.load(name)
            missing = place.missing(attack)
            if missing is not None:
                skipped += 1
                print(f"skipped  {name}: {missing}", flush=True)
                continue
            import time; t0 = time.monotonic(); wrong = verdict(place, attack); print(f"{time.monotonic() - t0:.1f}s ", end="")
            passed, failed = passed + (not wrong), failed + bool(wrong)
            print(
                "\n         ".join([f"{'FAILED ' if wrong else 'held   '}  {name}", *wrong]),
                flush=True,
            )
    if skipped:
        print(f"{skipped} could not be tried on this machine")
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def as_nobody(names: list[str]) -> int | None:
    """Run them once more as an ordinary user; None when that user cannot run this at all."""
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory(prefix="ga-home-", dir="/tmp") as home:
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        how = {
            "user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": COURSE,
            "env": {**os.environ, "HOME": home, "PYTHONDONTWRITEBYTECODE": "1"},
        }  # fmt: skip
        probe = [sys.executable, "-c", "import tests.attacks.harness"]
        tried = subprocess.run(probe, capture_output=True, text=True, check=False, **how)  # type: ignore[call-overload]
        if tried.returncode:
            print("As an ordinary user: not possible here, `nobody` cannot read the environment or")
            print(f"the course ({tried.stderr.strip().splitlines()[-1]})")
            return None
        again = [sys.executable, "-m", "tests.attacks", "--once", *names]
        return subprocess.run(again, check=False, **how).returncode  # type: ignore[call-overload]


if __name__ == "__main__":
    chosen = [name for name in sys.argv[1:] if name != "--once"]
    code = main(chosen)
    if os.geteuid() == 0 and "--once" not in sys.argv and code != 2:
        code = max(code, as_nobody(chosen) or 0)
    sys.exit(code)
