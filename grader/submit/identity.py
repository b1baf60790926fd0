"""Who hands in: an option, a config file, or the system's user; and which of them said so."""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs

from grader.model.submission import Message
from grader.submit.errors import DeliveryError

LONGEST = 200
EXPECTED = f"1 to {LONGEST} printable characters"
_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class Identity:
    """A student's name, and where it is from; `file` is the config file it was read in."""

    name: str
    source: Literal["option", "config", "system"]
    file: str = ""

    @property
    def message(self) -> Message:
        """Says who is handing in, and which source said so."""
        return Message("submit.identity", {"student": self.name, "source": self.source})


def default_config() -> Path:
    """The config file of this user: `student = "…"` in TOML."""
    return platformdirs.user_config_path("grader") / "config.toml"


def identity(
    option: str | None = None,
    config_path: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Identity:
    """The student's name from the first that has one: `option`, the config file, the system.

    Names are trimmed and brought into Unicode's composed form (NFC), so that a name typed on a Mac
    is the same student.

    Raises:
        DeliveryError: the config file cannot be read, or a name is empty or not printable, or
            there is none.
    """
    if option is not None:
        return Identity(_valid(option, "option"), "option")
    path = config_path if config_path is not None else default_config()
    if (name := _configured(path)) is not None:
        return Identity(_valid(name, str(path)), "config", str(path))
    if (name := _system(os.environ if environ is None else environ)) is not None:
        return Identity(_valid(name, "system"), "system")
    raise DeliveryError("submit.error-identity-unknown", file=str(path))


def _valid(name: str, source: str) -> str:
    name = unicodedata.normalize("NFC", name.strip())
    # Joiners are not printable to Python, and spelling in several scripts needs them.
    printable = all(c.isprintable() or c in "\N{ZERO WIDTH JOINER}\u200c" for c in name)
    if not name.strip("\N{ZERO WIDTH JOINER}\u200c") or len(name) > LONGEST or not printable:
        raise DeliveryError("submit.error-identity-invalid", source=source, expected=EXPECTED)
    return name


def _configured(path: Path) -> str | None:
    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DeliveryError(
            "submit.error-config-unreadable", file=str(path), reason=reason
        ) from error
    except UnicodeDecodeError as error:
        raise DeliveryError("submit.error-config-encoding", file=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        place = _LINE.search(str(error))
        line = int(place[1]) if place else path.read_text("utf-8-sig").count("\n") + 1
        raise DeliveryError(
            "submit.error-config-syntax",
            file=str(path),
            line=line,
            reason=_LINE.sub("", str(error).removesuffix(" (at end of document)")),
        ) from error
    student = table.get("student")
    if student is None:
        return None
    if isinstance(student, int) and not isinstance(student, bool):
        return str(student)  # a matriculation number
    if not isinstance(student, str):
        raise DeliveryError(
            "submit.error-config-student", file=str(path), expected='student = "NAME"'
        )
    return student


def _system(environ: Mapping[str, str]) -> str | None:
    for key in ("LOGNAME", "USER", "LNAME", "USERNAME"):  # as getpass.getuser has them
        if environ.get(key, "").strip():
            return environ[key]
    try:
        import pwd  # noqa: PLC0415 - not on Windows

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError, OSError):
        return None
