"""The command, and `python -m grader`: what takes longest is begun before the rest is imported."""

from __future__ import annotations

import sys

from grader import early
from grader.errors import STOPPED


def main() -> None:
    """Run the command."""
    try:
        want = early.wanted(sys.argv[1:])
        if want is not None:
            early.begin(want)
        from grader.cli import main as command  # noqa: PLC0415  meanwhile

        command()
    except KeyboardInterrupt:  # while something is imported; else the command says that it stopped
        sys.exit(STOPPED)
    finally:
        early.end()


if __name__ == "__main__":
    main()
