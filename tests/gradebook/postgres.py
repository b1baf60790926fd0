"""A PostgreSQL server of the tests' own, from the machine's binaries."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PLACES = ("/usr/local/bin", *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"))))


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server, without the name of a database; skips where there is none.

    It listens on a socket in a folder of its own. PostgreSQL refuses to run as root, so root
    runs it as somebody else.
    """
    found = os.environ.get("PATH", "") + os.pathsep + os.pathsep.join(PLACES)
    control, initdb = shutil.which("pg_ctl", path=found), shutil.which("initdb", path=found)
    if control is None or initdb is None:
        pytest.skip("PostgreSQL (initdb, pg_ctl) is not installed: apt-get install postgresql")
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'psycopg[binary]'")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    who = _nobody(folder)
    data = folder / "data"

    def run(*command: str) -> None:
        done = subprocess.run(
            command, cwd=folder, user=who, group=who and pwd.getpwuid(who).pw_gid,
            extra_groups=None if who is None else [], check=False,
            stdin=subprocess.DEVNULL, stdout=(folder / "said").open("ab"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert done.returncode == 0, (folder / "said").read_text()

    options = f"-k {folder} -c listen_addresses= -c fsync=off -c shared_buffers=16MB"
    try:
        run(initdb, "-D", str(data), "-U", "grader", "-A", "trust", "-E", "UTF8", "--locale=C")
        run(control, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://grader@/{{}}?host={folder}"
        finally:
            run(control, "-D", str(data), "-w", "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _nobody(folder: Path) -> int | None:
    """Whom the server runs as; None for the present user."""
    if os.getuid() != 0:
        return None
    user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return user.pw_uid
