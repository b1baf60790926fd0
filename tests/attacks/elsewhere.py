"""The same attacks in another place: as another user, or from an install that lies in a course."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from grader.kernel.sandbox import bubblewrap
from tests.attacks.harness import COURSE

_COPIED = ("grader", "tests", "exercises", "solutions", "pyproject.toml")


@contextmanager
def as_user(name: str) -> Iterator[tuple[list[str], Mapping[str, str]]]:
    """A command and an environment in which root runs what follows as that user.

    What the user may not read on the way to the interpreter, its packages and this course is shown
    again, read-only, in a view of the machine of its own; all else is as it is.
    """
    user = pwd.getpwnam(name)
    program, tool = bubblewrap(), shutil.which("setpriv")
    if program is None or tool is None:
        raise OSError("bwrap and setpriv are needed to become another user")
    shown = {Path(path) for path in (sys.base_prefix, sys.prefix, COURSE)}
    hidden = {path: _closed(path) for path in sorted(shown)}
    command = [program, "--dev-bind", "/", "/", "--cap-add", "ALL"]
    for folder in sorted({str(folder) for folder in hidden.values() if folder is not None}):
        command += ["--perms", "0755", "--tmpfs", folder]
    for path, folder in hidden.items():
        if folder is not None:
            for between in reversed(path.parents):
                if between.is_relative_to(folder) and between != folder:
                    command += ["--perms", "0755", "--dir", str(between)]
            command += ["--ro-bind", str(path), str(path)]
    command += ["--", tool, "--reuid", name, "--regid", str(user.pw_gid), "--clear-groups", "--"]
    with tempfile.TemporaryDirectory(prefix="ga-home-", dir="/tmp") as home:
        os.chown(home, user.pw_uid, user.pw_gid)
        environment = {**os.environ, "HOME": home, "PYTHONDONTWRITEBYTECODE": "1"}
        environment.pop("XDG_CACHE_HOME", None)
        yield command, environment


def _closed(path: Path) -> Path | None:
    """The first folder on the way to `path` that others may not enter; None if they may."""
    for folder in (*reversed(path.parents), path):
        if not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None


def in_a_course(folder: Path) -> tuple[Sequence[str], Mapping[str, str]]:
    """Copy this course to `folder` with an environment inside it in which the grader is editable.

    Returns:
        The environment's interpreter as a command, and the environment variables to run it with.
    """
    for name in _COPIED:
        source = COURSE / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / ".venv" / "lib" / version / "site-packages"
    packages.mkdir(parents=True)
    # As `pip install -e` leaves it: the project's folder by its name.
    (packages / "_editable_impl_grader.pth").write_text(f"{folder}\n")
    others = [entry for entry in sys.path if Path(entry).name in {"site-packages", "dist-packages"}]
    (packages / "others.pth").write_text("".join(f"{entry}\n" for entry in others))
    interpreter = folder / ".venv" / "bin" / "python"
    interpreter.parent.mkdir()
    base = Path(sys.executable).resolve()
    interpreter.symlink_to(base)
    (folder / ".venv" / "pyvenv.cfg").write_text(f"home = {base.parent}\n")
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return [str(interpreter)], {**environment, "PYTHONDONTWRITEBYTECODE": "1"}


def lines(command: Sequence[str], environment: Mapping[str, str], cwd: Path) -> Iterator[str]:
    """The lines that a command prints, as they come."""
    with subprocess.Popen(
        command, env=environment, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        yield from (line.rstrip("\n") for line in process.stdout)
