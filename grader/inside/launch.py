"""Start a kernel whose cells are observed: `python .../inside/launch.py -f CONNECTION_FILE`.

The environment hands over `GRADER_CHANNEL` (a descriptor) and `GRADER_SEED`; both are gone before
student's code runs.
"""

import json
import os
import sys


def main() -> None:
    """Import the package from beside this file, then leave the path as ipykernel has it."""
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 (before imports)
    root = os.path.dirname(here)  # noqa: PTH120
    if sys.path and os.path.abspath(sys.path[0]) in (here, os.getcwd()):  # noqa: PTH100, PTH109
        del sys.path[0]
    sys.path.insert(0, root)
    # matplotlib reads it once, when it is imported; ipykernel sets it later than that.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    if sys.argv[1:2] in (["--serve"], ["--serve-once"], ["--try"]):
        from inside.confine import Walls, enter, rehearse  # noqa: PLC0415

        with open(int(sys.argv[-1]), "rb") as settings:  # noqa: PTH123
            walls = Walls.from_json(json.load(settings))
        enter(walls, root)
        if sys.argv[1] == "--try":
            rehearse(walls)
            return
        from inside.server import serve  # noqa: PLC0415

        once = sys.argv[1] == "--serve-once"
        serve(int(sys.argv[2]), walls, tuple(sys.argv[3:-1]), once=once)
        return
    from inside.kernel import run  # noqa: PLC0415

    sys.path.remove(root)
    run(sys.argv)


if __name__ == "__main__":
    main()
