"""Messages in a language: gettext catalogs read at run time, filled without any format language.

`locale/<language>/*.po` map a message id to a text with `{name}` for parameters. Where a
number decides the form, `msgid_plural` names it (`{count}`) and the forms are CLDR's categories, so
that fractions have theirs (`1,5 балла`). Parameters come from strangers: a name in
braces is replaced by inert text and nothing else is interpreted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from math import isfinite, isnan

from babel import Locale
from babel.dates import format_datetime
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from grader.languages import CATALOGS, ENGLISH, known
from grader.model.submission import Message
from grader.report.inert import one_line, without_file

CATEGORIES = ("zero", "one", "two", "few", "many", "other")  # CLDR's, in its order
UNKNOWN = "message.unknown"
WORDS = {"why", "kind", "status", "source"}  # parameters that are ids of words, `word.timeout`
PLACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

Param = str | int | float


@cache
def catalog(language: str) -> Catalog:
    """The catalog of one of `LANGUAGES`: `messages.po`, and `classroom.po` of the class's page."""
    whole = _domain(language, "messages")
    for message in _domain(language, "classroom"):
        if message.id:
            whole[str(message.id[0] if message.pluralizable else message.id)] = message
    return whole


def _domain(language: str, name: str) -> Catalog:
    path = CATALOGS / language / f"{name}.po"
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


@cache
def _locale(language: str) -> Locale:
    found = catalog(language).locale
    return found if found is not None else Locale.parse(language)  # says what CLDR does not know


def tag(language: str) -> str:
    """A language as pages name it (BCP 47): `zh-Hans`."""
    return str(_locale(language)).replace("_", "-")


def own_name(language: str) -> str:
    """What a language calls itself: `Русский`."""
    locale = _locale(language)
    name = str(locale.languages.get(locale.language, language))
    return name[:1].upper() + name[1:]


@cache
def forms(language: str) -> tuple[str, ...]:
    """The plural categories of a language, in the order in which its catalog has their forms."""
    rule = _locale(language).plural_form
    return tuple(each for each in CATEGORIES if each == "other" or each in rule.tags)


def say(message: Message, language: str) -> str:
    """`message` as plain text: in `language`, else in English, else a neutral sentence."""
    tongue, template = wording(message, language)
    return fill(template, message.params, tongue)


def text(id: str, language: str, **params: Param) -> str:
    """`say` for the report's own strings."""
    return say(Message(id, params), language) if params else _fixed(id, language)


@lru_cache(maxsize=2048)
def _fixed(id: str, language: str) -> str:
    return say(Message(id), language)


def has(id: str) -> bool:
    """Whether the English catalog has a text for `id`."""
    return catalog(ENGLISH).get(id) is not None


def wording(message: Message, language: str) -> tuple[str, str]:
    """The language that could be had and the unfilled text, in the form for its number."""
    wanted = known(language)
    for tongue in dict.fromkeys((wanted, ENGLISH)):
        template = _form(message, tongue)
        if template:
            return tongue, template
    return wanted, _form(Message(UNKNOWN), wanted)


def fill(template: str, params: Mapping[str, Param], language: str) -> str:
    """`template` with each `{name}` replaced by that parameter, inert; `…` where there is none."""
    return PLACE.sub(lambda place: filling(place[1], params, language), template)


def filling(name: str, params: Mapping[str, Param], language: str) -> str:
    """What stands for `{name}`: its parameter, as a word of the language where it is an id."""
    value = params.get(name, "…")
    if name == "time" and isinstance(value, str):
        return moment(value, language)
    entry = catalog(known(language)).get(f"word.{value}") if name in WORDS else None
    return str(entry.string) if entry is not None else param(value, language)


def param(value: Param, language: str) -> str:
    """One parameter: numbers as the language writes them, text on one line and visible."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return number(value, language)
    return one_line(without_file(str(value)))


@lru_cache(maxsize=4096, typed=True)  # 1, 1.0 and True are written differently
def number(value: float, language: str) -> str:
    """A number as the language writes it, to four significant digits when it is not whole."""
    if isinstance(value, float) and not isfinite(value):
        return "NaN" if isnan(value) else "∞" if value > 0 else "−∞"
    size = abs(value)
    if size >= 1e6 or 0 < size < 1e-4:
        return _scientific(value, language)
    rounded = value if isinstance(value, int) or size.is_integer() else float(f"{value:.4g}")
    return format_decimal(rounded, format="#,##0.########", locale=_locale(known(language)))


def fixed(value: float, decimals: int, language: str) -> str:
    """A number with so many decimals, so that a column of them lines up."""
    form = f"#,##0.{'0' * decimals}"
    return format_decimal(value, format=form, locale=_locale(known(language)))


def moment(time: str, language: str) -> str:
    """An ISO 8601 time as the language writes it, in its own zone; as it is if unreadable."""
    try:
        read = datetime.fromisoformat(time)
    except ValueError:
        return one_line(time, 60)
    written = format_datetime(read, "medium", locale=_locale(known(language)))
    zone = read.strftime("%z")
    return f"{written} UTC{f'{zone[:3]}:{zone[3:5]}' if zone.strip('+-0') else ''}"


def _scientific(value: float, language: str) -> str:
    if isinstance(value, int) and value.bit_length() > 1000:
        return ("−" if value < 0 else "") + "≈10" + _power(int(value.bit_length() * 0.30103))
    digits, power = f"{value:.2e}".split("e")
    mantissa = format_decimal(float(digits), format="0.##", locale=_locale(known(language)))
    return f"{mantissa}×10{_power(int(power))}"


def _power(power: int) -> str:
    return str(power).translate(_RAISED)


def _form(message: Message, language: str) -> str:
    entry = catalog(language).get(message.id)
    if entry is None:
        return ""
    if not isinstance(entry.string, tuple | list):
        return str(entry.string)
    counted = message.params.get(str(entry.id[1]).strip("{}"), 0)
    category = "other"
    if isinstance(counted, int | float) and isfinite(counted) and abs(counted) < 1e15:
        exact = int(counted) if float(counted).is_integer() else counted
        category = _locale(language).plural_form(abs(exact))
    return str(entry.string[min(forms(language).index(category), len(entry.string) - 1)])
