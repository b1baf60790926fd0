"""`python -m tests.pages [pytest's arguments]`: the whole gallery in Chromium.

The last line is `N passed, N failed`; exit code 1 when something failed, 3 without a Chromium.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["GRADER_PAGES"] = "all"

import pytest

from tests.pages.browser import lacking


class Count:
    """Counts tests as they end."""

    def __init__(self) -> None:
        self.passed = self.failed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test counts once: as failed when its set-up or its end failed too."""
        if report.failed:
            self.failed += 1
        elif report.when == "call" and report.passed:
            self.passed += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be read is a failure."""
        self.failed += report.failed


def main() -> int:
    """Run the tests of this folder; say how many passed."""
    if lacks := lacking():
        print(lacks, file=sys.stderr)
        return 3
    count = Count()
    folder = str(Path(__file__).parent)
    pytest.main([folder, "-v", "--no-header", *sys.argv[1:]], plugins=[count])
    print(f"{count.passed} passed, {count.failed} failed")
    return 1 if count.failed or not count.passed else 0


if __name__ == "__main__":
    sys.exit(main())
