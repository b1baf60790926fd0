"""What was handed in at once: which of its files is the notebook, and what goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from grader.errors import SubmissionError
from grader.intake.layouts import OTHER_ARCHIVES, Handed, Part, has_cells
from grader.intake.limits import Limits
from grader.intake.names import clash_key, is_notebook, said
from grader.intake.sources import Archive
from grader.intake.zips import list_archive
from grader.model.intake import Companion, Refusal
from grader.model.submission import Message


@dataclass(frozen=True, slots=True)
class Answer:
    """A notebook or percent script, and the files that it can reach."""

    part: Part
    companions: tuple[Companion, ...]


@dataclass(slots=True)
class Opened:
    """What was found in something handed in."""

    answers: tuple[Answer, ...] = ()
    refused: list[Refusal] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    ignored: int = 0


def open_up(handed: Handed, limits: Limits, encoding: str | None = None) -> Opened:
    """Find the notebooks.

    Notebooks (`.ipynb`) are the answer; where there is none, those that a browser gave another
    ending (`.ipynb.txt`), or else scripts with cells (`# %%`), are; where there is none of these,
    archives are opened and what is in them counts as if it lay there. An archive beside a notebook
    is a companion and stays shut.
    """
    opened = Opened()
    parts = list(handed.parts)
    for depth in range(limits.depth + 1):
        parts = _without_clashes(parts, opened)
        answers = _notebooks(parts) or [part for part in parts if has_cells(part.file)]
        archives = [part for part in parts if part.inside[-1].lower().endswith(".zip")]
        if answers or not archives:
            break
        if depth == limits.depth:
            too_deep = Message("intake.too-deep", {"limit": limits.depth})
            opened.refused += [Refusal(part.file.path, too_deep) for part in archives]
            break
        parts = [part for part in parts if part not in archives]
        for part in archives:
            parts += _unpacked(part, _left(parts, limits), limits, encoding, opened)
    if not answers:
        opened.refused += [_no_answer(part) for part in parts if part not in archives]
        return opened
    for part in answers[limits.notebooks :]:
        several = Message("intake.too-many-notebooks", {"limit": limits.notebooks})
        opened.refused.append(Refusal(part.file.path, several))
    others = [part for part in parts if part not in answers]
    answers = answers[: limits.notebooks]
    for part in others:
        if not any(_reaches(answer, part) for answer in answers):
            out = Message("intake.out-of-reach", {"notebook": answers[0].file.path})
            opened.refused.append(Refusal(part.file.path, out))
    opened.answers = tuple(Answer(part, _beside(part, others, limits, opened)) for part in answers)
    return opened


def _notebooks(parts: Sequence[Part]) -> list[Part]:
    all_ = [part for part in parts if is_notebook(part.inside[-1])]
    return [part for part in all_ if said(part.inside[-1]) == part.inside[-1]] or all_


def _left(parts: Sequence[Part], limits: Limits) -> tuple[int, int]:
    """How many files and bytes may still come out of archives."""
    size = sum(part.file.source.size for part in parts)
    return limits.handed_files - len(parts), limits.handed_bytes - size


def _unpacked(
    part: Part, left: tuple[int, int], limits: Limits, encoding: str | None, opened: Opened
) -> list[Part]:
    archive = Archive(part.file.source, limits.directory_bytes(limits.handed_files))
    within = (*part.file.within, *part.file.parts)
    try:
        listing = list_archive(archive, limits, left=left, within=within, encoding=encoding)
    except SubmissionError as error:
        message = Message(error.message_id, error.params)
        opened.refused.append(Refusal(part.file.path, message))
        return []
    opened.refused += listing.refused
    opened.notes += listing.notes
    opened.ignored += listing.ignored
    above = part.inside[:-1]
    return [Part(above + file.parts, file, part.order) for file in listing.files]


def _without_clashes(parts: Sequence[Part], opened: Opened) -> list[Part]:
    """Without what has the name of an earlier one, as some file system sees it."""
    seen: dict[str, Part] = {}
    for part in parts:
        first = seen.setdefault(clash_key(part.inside), part)
        if first is not part:
            clash = Message("intake.clash", {"other": first.file.path})
            opened.refused.append(Refusal(part.file.path, clash))
    return list(seen.values())


def _no_answer(part: Part) -> Refusal:
    name = part.inside[-1].lower()
    if name.endswith(OTHER_ARCHIVES):
        return Refusal(part.file.path, Message("intake.other-archive"))
    if name.endswith(".py"):
        return Refusal(part.file.path, Message("intake.no-cells"))
    return Refusal(part.file.path, Message("intake.no-answer"))


def _reaches(answer: Part, part: Part) -> bool:
    """Whether a file lies beside the answer or below, where its code finds it."""
    above = answer.inside[:-1]
    return part.inside[: len(above)] == above


def _beside(
    answer: Part, others: Sequence[Part], limits: Limits, opened: Opened
) -> tuple[Companion, ...]:
    """What the answer reaches, as far as that goes."""
    found: list[Companion] = []
    files, size = limits.handed_files, limits.handed_bytes
    for part in others:
        source = part.file.source
        if not _reaches(answer, part):
            continue
        if not files:
            too_many = Message("intake.too-many", {"limit": limits.handed_files})
            opened.refused.append(Refusal(part.file.path, too_many))
            break
        if source.size > size:
            too_much = Message("intake.too-much", {"limit": round(limits.handed_bytes / 1e6, 1)})
            opened.refused.append(Refusal(part.file.path, too_much))
            continue
        files, size = files - 1, size - source.size
        found.append(Companion("/".join(part.inside[len(answer.inside) - 1 :]), source))
    return tuple(found)
