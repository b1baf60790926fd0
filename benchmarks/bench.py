"""`python benchmarks/bench.py --help`; everything is in `benchmarks.cli`.

Slots import the main module anew; this one has nothing for them to import.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from benchmarks.cli import main

    sys.exit(main(sys.argv[1:]))
