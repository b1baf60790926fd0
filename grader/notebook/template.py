"""The assignment's cells as slots that a notebook's cells fill, and how alike two cells are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from grader.model.exercise import Assignment
from grader.model.ids import cell_id

MIN_PROMPT = 20  # characters without white space from which a prompt's text identifies it
_WORD = re.compile(r"\w+")
_BOUND = re.compile(
    r"^[ \t]*(?:(?:async[ \t]+)?def[ \t]+(\w+)|class[ \t]+(\w+)"
    r"|((?:\w+[ \t]*,[ \t]*)*\w+)[ \t]*(?::[^=\n]*)?=(?!=))",
    re.MULTILINE,
)
_LOOKED_AT = 20_000  # characters of a source that are compared


def bare(text: str) -> str:
    """The text without white space: what two equal cells have in common in any editor."""
    return "".join(text.split())


@dataclass(frozen=True)
class Text:
    """A cell's source as it is compared."""

    source: str

    @cached_property
    def bare(self) -> str:
        """Without white space."""
        return bare(self.source)

    @cached_property
    def words(self) -> Counter[str]:
        """How often each word occurs; the dots of an empty answer say nothing."""
        return Counter(_WORD.findall(self.source[:_LOOKED_AT]))

    @cached_property
    def names(self) -> frozenset[str]:
        """Names that are assigned or defined, at any depth; by pattern, since it may not parse."""
        found = _BOUND.findall(self.source[:_LOOKED_AT])
        return frozenset(
            name.strip() for groups in found for part in groups for name in part.split(",")
        ) - {""}


@dataclass(frozen=True)
class Slot:
    """One cell of the assignment: its place in the template order, and its text."""

    order: int
    exercise: str
    cell: str
    source: str
    locked: bool

    @cached_property
    def text(self) -> Text:
        """The source as it is compared."""
        return Text(self.source)

    def resemblance(self, cell: Text) -> float:
        """0 to 1: how much of this cell's starter is in another cell, by words or names bound."""
        total = sum(self.text.words.values())
        common = sum(min(n, cell.words[word]) for word, n in self.text.words.items())
        by_word = common / total if total else 0.0
        if self.locked or not self.text.names:
            return by_word
        by_name = len(self.text.names & cell.names) / len(self.text.names)
        return max(by_word, by_name)


@dataclass(frozen=True)
class Template:
    """All slots in order, and where each prompt stands (`boundaries`: before that slot)."""

    slots: tuple[Slot, ...]
    by_name: Mapping[tuple[str, str], Slot]
    by_id: Mapping[str, Slot]
    by_bare_name: Mapping[str, Slot]
    boundaries: Mapping[tuple[str, str], int]
    prompts: Mapping[str, tuple[str, str, str]]


def template(assignment: Assignment) -> Template:
    """The assignment as slots."""
    slots = tuple(
        Slot(order, exercise, cell, source, locked)
        for order, (exercise, cell, source, locked) in enumerate(_cells(assignment))
    )
    boundaries: dict[tuple[str, str], int] = {}
    for slot in slots:
        boundaries.setdefault((slot.exercise, ""), slot.order)
        boundaries[slot.exercise, slot.cell] = slot.order
    names = Counter(slot.cell for slot in slots)
    return Template(
        slots=slots,
        by_name={(slot.exercise, slot.cell): slot for slot in slots},
        by_id={cell_id(slot.exercise, slot.cell): slot for slot in slots},
        by_bare_name={slot.cell: slot for slot in slots if names[slot.cell] == 1},
        boundaries=boundaries,
        prompts=_prompts(assignment),
    )


def _cells(assignment: Assignment) -> Iterator[tuple[str, str, str, bool]]:
    for exercise in assignment.exercises:
        for cell in exercise.cells:
            yield exercise.id, cell.name, cell.source, cell.locked


def _prompts(assignment: Assignment) -> dict[str, tuple[str, str, str]]:
    """A prompt's text without white space → (exercise, cell, language); ambiguous ones left out."""
    found: dict[str, tuple[str, str, str]] = {}
    twice: set[str] = set()
    for exercise in assignment.exercises:
        for language, texts in exercise.prompts.items():
            for cell, text in texts.items():
                key = bare(text)
                if key in found and found[key][:2] != (exercise.id, cell):
                    twice.add(key)
                if len(key) >= MIN_PROMPT:
                    found[key] = (exercise.id, cell, language)
    return {key: value for key, value in found.items() if key not in twice}
