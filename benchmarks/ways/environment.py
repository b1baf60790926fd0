"""The environment of the other graders: `.bench-venv`, made once and reused."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

from benchmarks.submissions import COURSE
from benchmarks.ways.way import Unavailable

FOLDER = COURSE / ".bench-venv"
_BIN = FOLDER / "bin"
_PYTHON = str(_BIN / "python")


def install(package: str) -> None:
    """Install a grader, with the PyTorch that this process has, unless it is there.

    Raises:
        Unavailable: it cannot be installed.
    """
    done = FOLDER / f".{package}"
    # torch first and alone: its exact version may be one that takes no gigabytes
    torch = f"torch=={version('torch').partition('+')[0]}"
    wanted = f"{torch} {sys.version}"
    if done.exists() and done.read_text("utf-8") == wanted:
        return
    print(f"installing {package} into {FOLDER.name}", file=sys.stderr)
    if not Path(_PYTHON).exists():
        venv.create(FOLDER, with_pip=True)
    _pip(torch)
    _pip(torch, package, "matplotlib", "ipykernel")
    done.write_text(wanted, "utf-8")


def _pip(*packages: str) -> None:
    command = [_PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    ended = subprocess.run([*command, *packages], capture_output=True, text=True, check=False)
    if ended.returncode:
        raise Unavailable(f"pip install {' '.join(packages)}: {_last_line(ended.stderr)}")


def call(command: str, *arguments: str, folder: Path, home: Path) -> None:
    """Run a command of the environment as its users do, with a home of its own.

    Raises:
        Unavailable: it failed.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON"))}
    path = f"{_BIN}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        [str(_BIN / command), *arguments],
        cwd=folder,
        env=kept | {"HOME": str(home), "TMPDIR": str(home), "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        said = _last_line(ended.stderr) or _last_line(ended.stdout)
        raise Unavailable(f"{command} {' '.join(arguments)}: {said}")


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:300] if lines else "no message"


def installed(package: str) -> str:
    """The version that is installed there."""
    code = f"from importlib.metadata import version; print(version({package!r}))"
    ended = subprocess.run([_PYTHON, "-c", code], capture_output=True, text=True, check=False)
    return ended.stdout.strip()
