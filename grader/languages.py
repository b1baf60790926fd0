"""The languages of the texts: those that have a catalog in `report/locale/`.

A language is called by the two letters of ISO 639-1, as its folder is, and files are named after it
(`prompt.zh.md`). How it writes numbers and times, its plural forms and its own name are CLDR's,
by way of Babel; where two letters do not say which script is meant, the head of the catalog does
(`Language: zh_Hans`).
"""

from __future__ import annotations

import re
from importlib.resources import files

CATALOGS = files("grader") / "report" / "locale"
ENGLISH = "en"  # what any other language falls back to

_FOUND = (folder.name for folder in CATALOGS.iterdir() if (folder / "messages.po").is_file())
LANGUAGES = (ENGLISH, *sorted(set(_FOUND) - {ENGLISH}))


def known(tag: str | None) -> str:
    """The language of a tag or of a system's locale: `zh-CN` and `zh_CN.UTF-8` are `zh`.

    English where there is no catalog.
    """
    primary = re.split("[-_.@]", tag or "")[0].lower()
    return primary if primary in LANGUAGES else ENGLISH
