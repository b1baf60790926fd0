"""Names of people as names of folders, on any file system."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 100  # bytes in UTF-8, with room for the hash; some encrypted file systems take 143
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE
)


def safe_name(name: str) -> str:
    """A folder name for `name`: legal everywhere, and different for different names.

    Letters and digits of any script and `. _ - @ +` stay. A name that had to be changed, or that a
    file system might take for another one (by case), gets `~` and a hash of the whole name; `~`
    stands in no name that stayed as it was. Names that are canonically equivalent in Unicode are
    the same name.
    """
    name = unicodedata.normalize("NFC", name)
    kept = "".join(c if _legal(c) else "-" for c in name)
    kept = _cut(kept.strip("-.").replace("..", "-"))
    if kept == name and kept and not _RESERVED.fullmatch(kept) and _stable(kept):
        return kept
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{kept.replace('.', '-') or '_'}~{digest}"


def _legal(character: str) -> bool:
    return character in "._-@+" or unicodedata.category(character)[0] in "LNM"


def _stable(name: str) -> bool:
    """Whether no other name differs from it only in case."""
    return name == name.casefold() == name.upper().lower()


def _cut(name: str) -> str:
    return name.encode("utf-8", "ignore")[:LONGEST].decode("utf-8", "ignore").strip("-.")
