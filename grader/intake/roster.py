"""The roster: a table of who takes the course, as any platform or spreadsheet writes it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from grader.intake.errors import IntakeError
from grader.intake.names import shown
from grader.model.submission import Message

_LARGEST = 20_000_000  # bytes
_SAMPLE = 10_000  # bytes
_DELIMITERS = ",;\t|"
_CYRILLIC_WORD = re.compile(r"[А-ЯЁ]*[а-яё]*")
_NOT_A_LETTER = re.compile(r"[\W_]+")
_VAGUE = {"id", "编号"}  # often a table's own number of its rows, where another column has theirs
_NOBODY = {"points possible", "student, test", "test student"}  # rows that Canvas puts in
# What columns are called, without case, blanks and punctuation, ё as е.
_COLUMNS: Mapping[str, str] = {
    alias: field
    for field, aliases in {
        "id": "id studentid studentidnumber sid idnumber studentnumber studentno universityid "
        "matriculationnumber matriculation sisuserid "
        "学号 学生号 学生学号 学生编号 学籍号 编号 "
        "номер номерстудента номерстуденческого номерстуденческогобилета студенческийбилет "
        "номерзачетнойкнижки зачетнаякнижка номерзачетки зачетка индивидуальныйномер idстудента",
        "login": "login loginid username userid user netid account sisloginid "
        "用户名 账号 帐号 登录名 логин имяпользователя",
        "email": "email emailaddress mail mailaddress emails "
        "邮箱 邮箱地址 电子邮箱 电子邮件 电子邮件地址 邮件 邮件地址 "
        "почта электроннаяпочта элпочта адресэлектроннойпочты имейл емейл",
        "name": "name fullname student studentname displayname "
        "姓名 全名 学生姓名 学生 фио имяифамилия фамилияиимя фамилияимя фамилияимяотчество "
        "полноеимя студент",
        "first": "firstname first givenname givennames forename 名 名字 имя",
        "middle": "middlename middle отчество",
        "last": "lastname last surname familyname 姓 姓氏 фамилия",
        "moodle": "identifier participant participantnumber",
    }.items()
    for alias in aliases.split()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the roster; `line` is the row's number in the file (1-based).

    `id` is what they go by here: their number where a column has one (`own_id`), else their login,
    address, Canvas's number or name. `first` and `last` are names that have columns of their own.
    """

    id: str
    line: int
    name: str | None = None
    email: str | None = None
    login: str | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    own_id: str | None = None
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody, what was understood of the file, and what is twice in it."""

    file: str
    rows: tuple[Row, ...]
    evidence: Message
    conflicts: tuple[Message, ...] = ()


def read_roster(path: Path) -> Roster:
    """Read a roster.

    UTF-8 and UTF-16, GB 18030 and Windows-1251; commas, semicolons, tabs or bars; columns by their
    names in English, Chinese and Russian, in any order, others passed over.

    Raises:
        IntakeError: `intake.error-roster-…`: it cannot be read, or has no column that names people.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IntakeError("intake.error-roster", file=str(path), reason=reason) from error
    if len(data) > _LARGEST:
        raise IntakeError(
            "intake.error-roster-large", file=str(path), limit=round(_LARGEST / 1e6, 1)
        )
    return parse_roster(data, path.name)


def parse_roster(data: bytes, file: str) -> Roster:
    """The roster in `data`; raises as `read_roster` does."""
    text, encoding = _text(data)
    text = re.sub(r"\Asep=(.)\r?\n", "", text)  # what Excel is told the delimiter by
    head = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
    delimiter = max(_DELIMITERS, key=lambda mark: _known(head, mark))
    table = _table(text, delimiter, file)
    columns = _columns(table[0][1]) if table else {}
    if not columns.keys() & {"id", "login", "email", "name", "last", "first", "canvas"}:
        raise IntakeError("intake.error-roster-columns", file=file, found=shown(head, 120) or "–")
    rows = tuple(_rows(table[1:], columns))
    if not rows:
        raise IntakeError("intake.error-roster-empty", file=file)
    used = ", ".join(table[0][1][place].strip() for place in columns.values())
    facts: dict[str, str | int | float] = {
        "file": file,
        "count": len(rows),
        "columns": shown(used),
        "encoding": encoding,
    }
    return Roster(file, rows, Message("intake.by-roster", facts), tuple(_twice(rows, file)))


def _text(data: bytes) -> tuple[str, str]:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding
    even, odd = (data[start:_SAMPLE:2].count(0) for start in (0, 1))
    if max(even, odd) > 4 * min(even, odd) + min(len(data), _SAMPLE) // 20:  # no other has zeros
        return data.decode("utf-16-be" if even > odd else "utf-16-le", "replace"), "utf-16"
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    cyrillic = data.decode("windows-1251", "replace")
    words = re.findall(r"[^\W\d_]+", cyrillic)
    if all(word.isascii() or _CYRILLIC_WORD.fullmatch(word) for word in words):
        return cyrillic, "windows-1251"
    return data.decode("gb18030", "replace"), "gb18030"


def _known(head: str, delimiter: str) -> tuple[int, int]:
    cells = next(csv.reader([head[:100_000]], delimiter=delimiter), [])
    return sum(_plain(cell) in _COLUMNS for cell in cells), len(cells)


def _table(text: str, delimiter: str, file: str) -> list[tuple[int, list[str]]]:
    """(line, cells) of every row that is not empty."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    table = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                table.append((reader.line_num, cells))
    except csv.Error as error:
        raise IntakeError(
            "intake.error-roster-line", file=file, line=reader.line_num, reason=str(error)
        ) from error
    return table


def _plain(text: str) -> str:
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold()).replace("ё", "е")


def _columns(head: Sequence[str]) -> dict[str, int]:
    """Field → the first column that has it, for ids one that says whose they are before others.

    In Canvas's gradebook, `ID` is Canvas's own number.
    """
    names = [_plain(cell) for cell in head]
    canvas = "sisuserid" in names or "sisloginid" in names
    found: dict[str, int] = {}
    for place, name in sorted(enumerate(names), key=lambda column: column[1] in _VAGUE):
        known = "canvas" if canvas and name == "id" else _COLUMNS.get(name)
        if known is not None:
            found.setdefault(known, place)
    return found


def _rows(table: Sequence[tuple[int, list[str]]], columns: Mapping[str, int]) -> Iterator[Row]:
    for line, cells in table:
        person = {
            field: shown(cells[place]) for field, place in columns.items() if place < len(cells)
        }
        name = _name(person)
        if name.casefold() in _NOBODY or person.get("name", "").casefold() in _NOBODY:
            continue
        numbers = {
            "canvas": person.get("canvas", ""),
            "moodle": "".join(re.findall(r"\d+$", person.get("moodle", ""))),
            "sis_user": person.get("id", "") if "canvas" in columns else "",
            "sis_login": person.get("login", ""),
        }
        email, login = person.get("email", ""), person.get("login", "")
        if id := person.get("id") or login or email or numbers["canvas"] or name:
            kept = {platform: number for platform, number in numbers.items() if number}
            first, last = person.get("first") or None, person.get("last") or None
            own = person.get("id") or None
            yield Row(id, line, name or None, email or None, login or None, kept, own, first, last)


def _name(person: Mapping[str, str]) -> str:
    """A whole name: "Li, Wei" as "Wei Li", given and family name in the order of the script."""
    if whole := person.get("name"):
        family, comma, given = whole.partition(", ")
        return f"{given} {family}" if comma and ", " not in given else whole
    first, middle, last = (person.get(part, "") for part in ("first", "middle", "last"))
    if re.fullmatch(r"[\u3400-\u9fff]+", first + last):
        return last + first
    order = (last, first, middle) if middle else (first, last)
    return " ".join(part for part in order if part)


def _twice(rows: Sequence[Row], file: str) -> Iterator[Message]:
    """Ids and addresses that several rows have."""
    for what in ("id", "email"):
        values = [(getattr(row, what) or "").casefold() for row in rows]
        for value, count in Counter(value for value in values if value).items():
            if count > 1:
                lines = [row.line for row, v in zip(rows, values, strict=True) if v == value]
                for one, other in pairwise(lines):
                    params = {"file": file, "value": value, "one": one, "other": other}
                    yield Message("intake.roster-twice", params)
