"""Who is who: what folders, files and platforms call people, held against the roster."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import get_args

from grader.intake.layouts import Claim
from grader.intake.layouts.named import stem
from grader.intake.names import shown
from grader.intake.roster import Roster, Row
from grader.model.intake import Evidence, From, Matched, Student
from grader.model.submission import Message

_RANK = {source: rank for rank, source in enumerate(get_args(From))}
_TOKEN = re.compile(r"[\u3400-\u9fff]+|[^\W\d_\u3400-\u9fff]+|\d+")
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class People:
    """Students by id, the id of each claim's key, and what does not go together.

    `named` has the ids of those whom a compact spelling of a name, an id or an address means.
    """

    students: Mapping[str, Student]
    by_key: Mapping[str, str]
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    conflicts: tuple[Message, ...] = ()


def identify(claims: Iterable[Claim], roster: Roster | None = None) -> People:
    """Everybody of the claims and of the roster.

    A claim is somebody of the roster by a platform's number, an id, login or address, a whole name
    in any order of its parts, or by the longest piece of a folder's or file's name that is one of
    these; never where several fit. Every choice that another could contradict is a conflict.
    """
    rows = roster.rows if roster else ()
    index = _Index(rows)
    conflicts: list[Message] = []
    said: dict[str, list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: _RANK[claim.source]):
        said[claim.key].append(claim)
    found = {
        key: match
        for key, (first, *_) in said.items()
        if rows and (match := index.find(first, conflicts))
    }
    by_key = {key: row.id for key, (row, _) in found.items()}
    others = {key: first for key, (first, *_) in said.items() if key not in found}
    by_key |= _own_ids(others, {row.id for row in rows}, conflicts)
    conflicts += _joined(by_key, said)
    students = {row.id: _enrolled(row, roster.file if roster else "") for row in reversed(rows)}
    for key, same in said.items():
        id = by_key[key]
        student = students.get(id) or Student(id, enrolled=False if roster else None)
        matched = found[key][1] if key in found else None
        students[id] = _completed(replace(student, matched=student.matched or matched), same)
    conflicts += _alike(students)
    return People(students, by_key, _named(students.values()), tuple(conflicts))


def calls_somebody(roster: Roster | None) -> Callable[[str], bool]:
    """Whether the name of a file or folder means somebody of the roster, be it one or several."""
    index = _Index(roster.rows if roster else ())

    def calls(name: str) -> bool:
        return any(
            index.knows(Claim(said, "folder", name, said=said, id=said))
            for said in (name, stem(name)[0])
        )

    return calls


class _Index:
    """The roster by everything that a person may be called."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._numbers: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self._ids: dict[str, list[Row]] = defaultdict(list)
        self._names: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            for item in row.numbers.items():
                self._numbers[item].append(row)
            email = folded(row.email)
            for id in {folded(row.id), folded(row.login), email, email.partition("@")[0]} - {""}:
                self._ids[id].append(row)
            for name in set(_spellings(row.name)):
                self._names[name].append(row)
        self._pieces: dict[str, list[Row]] = defaultdict(list)
        for called in (self._ids, self._names):
            for words, same in called.items():
                self._pieces[compact(words)] += same

    def find(self, claim: Claim, conflicts: list[Message]) -> tuple[Row, Matched] | None:
        """Whom a claim means and by what, if it is one and only one."""
        found = [(how, rows) for how, rows in self._exact(claim) if rows]
        if not found and (rows := self._piece(claim.said)):
            found = [("piece", rows)]
        who = claim.id or claim.name or claim.key
        if not found:
            conflicts.append(Message("intake.not-on-roster", {"student": who, "path": claim.place}))
            return None
        how, first = found[0]
        if len({row.id for row in first}) > 1:
            names = ", ".join(f"{row.id} ({row.line})" for row in first[:10])
            params = {"student": who, "path": claim.place, "found": names}
            conflicts.append(Message("intake.ambiguous", params))
            return None
        other = next((rows[0] for _, rows in found[1:] if first[0] not in rows), None)
        if other is not None:
            params = {"student": who, "path": claim.place, "one": first[0].id, "other": other.id}
            conflicts.append(Message("intake.disagrees", params))
        return first[0], how

    def knows(self, claim: Claim) -> bool:
        """Whether a claim means anybody."""
        return any(rows for _, rows in self._exact(claim)) or bool(self._piece(claim.said))

    def _exact(self, claim: Claim) -> Iterator[tuple[Matched, list[Row]]]:
        for item in claim.numbers.items():
            yield "number", self._numbers.get(item, [])
        yield "id", self._ids.get(folded(claim.id), [])
        yield "email", self._ids.get(folded(claim.email), [])
        yield "name", self._names.get(compact(claim.name or claim.id or ""), [])

    def _piece(self, said: str) -> list[Row]:
        """Rows of which an id or a name is the longest piece of `said`."""
        tokens = _TOKEN.findall(said)[:30]
        runs = {
            compact("".join(tokens[start:end]))
            for start in range(len(tokens))
            for end in range(start + 1, len(tokens) + 1)
        }
        for run in sorted(runs, key=len, reverse=True):
            if len(run) < (3 if run.isascii() else 2) or (run.isdigit() and len(run) < 4):
                continue  # the number of an exercise, or initials
            if rows := self._pieces.get(run, []):
                return list({row.line: row for row in rows}.values())
        return []


def folded(text: str | None) -> str:
    """For comparing ids and addresses: without regard to case and width."""
    return unicodedata.normalize("NFKC", text or "").casefold().strip()


def compact(text: str) -> str:
    """For comparing names: letters and digits only, ё as е."""
    return _NO_LETTER.sub("", folded(text)).replace("ё", "е")


def _spellings(name: str | None) -> Iterator[str]:
    """A name's parts in every order that begins anywhere and goes round: Li Wei, Wei Li."""
    parts = [part for word in (name or "").split() if (part := compact(word))][:6]
    for start in range(len(parts)):
        yield "".join(parts[start:] + parts[:start])
    if len(parts) > 2:  # a patronymic or a middle name is often left out
        yield parts[0] + parts[1]
        yield parts[1] + parts[0]
        yield parts[0] + parts[-1]
        yield parts[-1] + parts[0]


def _own_ids(
    claims: Mapping[str, Claim], taken: Set[str], conflicts: list[Message]
) -> dict[str, str]:
    """Ids of those whom the roster does not have, none of which is another's.

    Namesakes have the platform's number behind their name, and so has who is called like an id that
    is taken.
    """
    wanted = {
        key: shown(claim.id or claim.numbers.get("canvas") or claim.name or key) or "?"
        for key, claim in claims.items()
    }
    count = Counter(wanted.values())
    ids: dict[str, str] = {}
    used = set(taken)
    for key, id in sorted(wanted.items(), key=lambda item: count[item[1]] > 1):
        own = id if count[id] == 1 and id not in used else f"{id} ({shown(key)})"
        numbers = (f"{own} {number}" for number in range(2, len(used) + 3))
        ids[key] = own if own not in used else next(n for n in numbers if n not in used)
        used.add(ids[key])
    for id, several in count.items():
        if several > 1:
            conflicts.append(Message("intake.namesakes", {"student": id, "count": several}))
    return ids


def _joined(by_key: Mapping[str, str], said: Mapping[str, Sequence[Claim]]) -> Iterator[Message]:
    """Ids that several claims came to."""
    keys: dict[str, list[str]] = defaultdict(list)
    for key, id in by_key.items():
        keys[id].append(key)
    for id, same in keys.items():
        for key in same[1:]:
            params = {"student": id, "one": said[same[0]][0].place, "other": said[key][0].place}
            yield Message("intake.joined", params)


def _alike(students: Mapping[str, Student]) -> Iterator[Message]:
    seen: dict[str, str] = {}
    for id in students:
        first = seen.setdefault(folded(id), id)
        if first != id:
            yield Message("intake.alike", {"one": first, "other": id})


def _enrolled(row: Row, file: str) -> Student:
    place = f"{file}:{row.line}"
    told = [Evidence("id", row.id, "roster", place)]
    if row.name:
        told.append(Evidence("name", row.name, "roster", place))
    if row.email:
        told.append(Evidence("email", row.email, "roster", place))
    return Student(
        row.id,
        row.name,
        row.email,
        row.numbers,
        tuple(told),
        enrolled=True,
        own_id=row.own_id,
        first=row.first,
        last=row.last,
    )


def _completed(student: Student, claims: Sequence[Claim]) -> Student:
    """The student with what the claims add; what the roster says stands."""
    told = list(student.identity)
    for claim in claims:
        for what, value in (("id", claim.id), ("name", claim.name), ("email", claim.email)):
            known = {(item.what, item.value, item.source) for item in told}
            if value and (what, value, claim.source) not in known:
                told.append(Evidence(what, value, claim.source, claim.place))  # type: ignore[arg-type]
    told.sort(key=lambda item: _RANK[item.source])
    first = claims[0]
    return replace(
        student,
        name=student.name or first.name,
        email=student.email or first.email,
        numbers={**first.numbers, **student.numbers},
        identity=tuple(told),
    )


def with_authors(
    student: Student, authors: Sequence[str], path: str, people: People, together: Set[str]
) -> tuple[Student, tuple[Message, ...]]:
    """The student with what a notebook says of its author, and conflicts where it names another.

    It is the student's to write, so it decides nothing; it names who has no name. `together` are
    the ids of all who handed it in.
    """
    conflicts = []
    for author in authors:
        spelt = compact(author)
        meant = people.named.get(spelt, frozenset())
        if len(meant) == 1 and not meant & together:
            params = {"student": student.id, "path": path, "found": author, "other": min(meant)}
            conflicts.append(Message("intake.other-author", params))
    new = tuple(
        Evidence("name", author, "metadata", path)
        for author in authors
        if not any(e.source == "metadata" and e.value == author for e in student.identity)
    )
    only = authors[0] if len(authors) == len(together) == 1 else None
    return replace(student, name=student.name or only, identity=student.identity + new), tuple(
        conflicts
    )


def _named(students: Iterable[Student]) -> Mapping[str, frozenset[str]]:
    """Spelling → the ids of those who are called so."""
    called: dict[str, set[str]] = defaultdict(set)
    for student in students:
        for spelling in (
            compact(student.id),
            compact(student.email or ""),
            *_spellings(student.name),
        ):
            called[spelling].add(student.id)
    called.pop("", None)
    return {spelling: frozenset(ids) for spelling, ids in called.items()}
