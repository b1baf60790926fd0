"""The command, and `python -m grader`: what takes longest is begun before the rest is imported."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from grader.kernel import early


def main() -> None:
    """Run the command."""
    try:
        if _wants_kernels(sys.argv[1:]):
            early.begin()
        from grader.cli import main as command  # noqa: PLC0415  meanwhile

        command()
    finally:
        early.end()


def _wants_kernels(arguments: Sequence[str]) -> bool:
    """Whether these are, at first sight, those of a command that will fork kernels behind walls."""
    without = {"--help", "none", "--isolation=none"}
    return arguments[:1] == ["grade"] and len(arguments) > 1 and without.isdisjoint(arguments)


if __name__ == "__main__":
    main()
