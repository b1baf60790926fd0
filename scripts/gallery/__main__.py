"""`python -m scripts.gallery [FOLDER]`: build it; `make gallery` does so into `.gallery/`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from scripts.gallery.exhibits import COURSE, build
from scripts.gallery.pages import diagnosis_rows, outcome_table, write


def main() -> int:
    """Build the gallery; 1 when something that it should show has no sample."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.gallery",
        description="Grade sample solutions into pages that show every diagnosis and every kind "
        "of check in each outcome, in every language.",
        epilog="example: python -m scripts.gallery /tmp/gallery",
    )
    parser.add_argument("folder", nargs="?", type=Path, default=COURSE / ".gallery")
    folder = parser.parse_args().folder
    begin = time.monotonic()
    exhibits = build(lambda name: print(f"  {time.monotonic() - begin:5.1f} s  {name}", flush=True))
    files = write(folder, exhibits)
    print(f"{len(files)} pages in {time.monotonic() - begin:.0f} s")
    gaps = [f"the diagnosis {row.id}" for row in diagnosis_rows(exhibits) if row.exhibit is None]
    gaps += [
        f"a {kind} check that is {status}"
        for kind, row in outcome_table(exhibits).items()
        for status, name in row.items()
        if name is None
    ]
    for gap in gaps:
        print(f"no sample shows {gap}", file=sys.stderr)
    print(f"Open in a browser: {files['index']}")
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())
