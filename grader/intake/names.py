"""Names of files from strangers: in any script, in old encodings, and some that are attacks.

A name is only ever shown, matched, and compared; nothing is written to disk under it.
"""

from __future__ import annotations

import re
import unicodedata

from grader.model.submission import Message

LONGEST = 255  # bytes of one name in UTF-8, as file systems have it
LONGEST_PATH = 1024
DEEPEST = 32
SUBMITTED = "submitted"  # the folder of a course of nbgrader's in which students' folders lie
_CONTROL = ("Cc", "Cs", "Zl", "Zp")  # controls, halves of characters, separators of lines
# What turns the direction of a whole line (CVE-2021-42574); the marks that scripts need may stay.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE
)
_DRIVE = re.compile(r"[A-Za-z]:")
_JUNK_FOLDERS = {"__macosx", "__pycache__", ".ipynb_checkpoints"}
_JUNK_FILES = {"thumbs.db", "desktop.ini"}
_ADDED = re.compile(r"(?<=\.ipynb)\.(txt|json)$", re.IGNORECASE)  # by browsers that save it as text
_CYRILLIC = re.compile(r"[А-ЯЁа-яё]")
_MIXED = re.compile(r"[A-Za-z][А-ЯЁа-яё]|[А-ЯЁа-яё][A-Za-z]|[а-яё][А-ЯЁ]")


def decode(raw: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text of a name whose encoding nobody tells, and the encoding it was read in.

    UTF-8 where it is that, with characters that exist; else `encoding` where one is given; else GBK
    where every character is one of the 6,763 common ones of GB 2312, CP866 where every letter is
    Cyrillic and no word is mixed with Latin ones or has a capital in its middle, and CP437, which
    zip falls back to.
    """
    if _fits(raw, "utf-8") and not any(unicodedata.category(c) == "Cn" for c in raw.decode()):
        return raw.decode(), "utf-8"
    if encoding is not None:
        return raw.decode(encoding, "replace"), encoding
    if _fits(raw, "gb2312"):
        return raw.decode("gbk"), "gbk"
    if _fits(raw, "cp866"):
        text = raw.decode("cp866")
        letters = [c for c in text if not c.isascii()]
        if all(_CYRILLIC.match(c) for c in letters) and not _MIXED.search(text):
            return text, "cp866"
    return raw.decode("cp437"), "cp437"


def _fits(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def parts(name: str) -> tuple[str, ...]:
    """The components of an archive's name; backslashes separate too, as old Windows programs do."""
    pieces = name.replace("\\", "/").split("/")
    return tuple(unicodedata.normalize("NFC", piece) for piece in pieces if piece not in ("", "."))


def wrong_name(name: str) -> Message | None:
    """Why a file of this name is refused, if it is; `name` is as the archive has it."""
    if control := next((c for c in name if unicodedata.category(c) in _CONTROL), ""):
        return Message("intake.name-control", {"found": f"U+{ord(control):04X}"})
    if bidi := _BIDI.search(name):
        return Message("intake.name-bidi", {"found": f"U+{ord(bidi[0]):04X}"})
    if name.startswith(("/", "\\")) or _DRIVE.match(name):
        return Message("intake.name-absolute")
    pieces = parts(name)
    if ".." in pieces:
        return Message("intake.name-parent")
    if not pieces:
        return Message("intake.name-empty")
    size = max(len(piece.encode()) for piece in pieces)
    if size > LONGEST or len(name.encode()) > LONGEST_PATH or len(pieces) > DEEPEST:
        return too_long()
    if reserved := next((piece for piece in pieces if _RESERVED.fullmatch(piece)), None):
        return Message("intake.name-reserved", {"found": reserved})
    return None


def too_long() -> Message:
    """Why a name is refused that no file system would take."""
    return Message("intake.name-long", {"limit": LONGEST, "total": LONGEST_PATH})


def junk(pieces: tuple[str, ...]) -> bool:
    """Whether a file is the system's or the editor's and nobody's answer."""
    last = pieces[-1].lower()
    return (
        last in _JUNK_FILES
        or any(piece.startswith(".") for piece in pieces)
        or any(piece.lower() in _JUNK_FOLDERS for piece in pieces[:-1])
    )


def said(name: str) -> str:
    """A file's name without what a browser added to that of a notebook."""
    return _ADDED.sub("", name)


def is_notebook(name: str) -> bool:
    """Whether a file of this name is a notebook, the ending that a browser added aside."""
    return said(name).lower().endswith(".ipynb")


def clash_key(pieces: tuple[str, ...]) -> str:
    """Equal for names that some file system takes for the same."""
    return unicodedata.normalize("NFC", "/".join(pieces)).casefold()


def shown(text: str, limit: int = 200) -> str:
    """Text of a stranger as an id or a name: one line, nothing invisible, of bounded length."""
    kept = "".join(
        c if c.isprintable() or c in "\u200c\u200d" else " "
        for c in unicodedata.normalize("NFC", text[: 4 * limit])
    )
    return " ".join(kept.split())[:limit].strip()


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts `hw2` before `hw10`, and letters without regard to case."""
    found = re.findall(r"[0-9]{1,18}|[^0-9]+|[0-9]", text.casefold())
    return tuple((0, int(t), "") if t.isascii() and t.isdigit() else (1, 0, t) for t in found)
