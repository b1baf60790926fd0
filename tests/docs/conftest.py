"""A reader who types what a tutorial says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from grader.cli import main

ROOT = Path(__file__).resolve().parent.parent.parent
_FENCE = re.compile(r"^```(\w*) ?(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: `console` is typed, and one with `file=PATH` is saved there."""

    kind: str
    info: dict[str, str]
    text: str

    @property
    def commands(self) -> list[str]:
        lines = self.text.splitlines()
        return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def blocks(page: Path) -> Iterator[Block]:
    for kind, info, text in _FENCE.findall(page.read_text("utf-8")):
        yield Block(kind, dict(word.split("=", 1) for word in info.split() if "=" in word), text)


@dataclass
class Reader:
    """Sits in a folder and follows a page; a question is answered with yes."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def follow(self, page: str) -> dict[str, str]:
        """Do all that a page says; what each command printed."""
        said: dict[str, str] = {}
        for block in blocks(ROOT / "docs" / page):
            if "file" in block.info:
                path = self.folder / block.info["file"]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, "utf-8")
            for command in block.commands if block.kind == "console" else []:
                code, said[command] = self.type(command)
                expected = int(block.info.get("exit", 0))
                assert code == expected, f"{page}: {command}: exit code {code}\n{said[command]}"
        return said

    def type(self, command: str) -> tuple[int, str]:
        """Type one line: `grader` answers in this process, the shell does the rest."""
        words = shlex.split(command)
        if words[0] != "grader":
            modules = {"pytest": ["-m", "pytest"], "python": []}
            if words[0] in modules:
                words[:1] = [sys.executable, *modules[words[0]]]
            done = subprocess.run(
                words, cwd=self.folder, capture_output=True, text=True, check=False, timeout=300,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
            )  # fmt: skip
            return done.returncode, done.stdout + done.stderr
        self.monkeypatch.setattr(sys, "argv", words)
        self.monkeypatch.setattr(sys, "stdin", StringIO("y\n"))
        with pytest.raises(SystemExit) as left:
            main()
        printed = self.capsys.readouterr()
        return int(left.value.code or 0), printed.out + printed.err


@pytest.fixture
def reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Reader:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("LOGNAME", "instructor")
    return Reader(folder, monkeypatch, capsys)
