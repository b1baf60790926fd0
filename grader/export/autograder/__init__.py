"""An autograder for Gradescope: a zip with `setup.sh`, `run_autograder`, this package, the course.

setup.sh, run_autograder   what Gradescope runs: once, and for each submission
autograder.json            {"autograder": 1, "assignment", "seed", "language"}
package/                   the grader itself, as pip installs it
course/                    the assignment's exercises and references; no samples
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import requires, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Any

from grader.errors import CallError
from grader.model.exercise import Assignment
from grader.spec.limits import NAME

FORMAT = 1
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SCRIPTS = ("setup.sh", "run_autograder")


@dataclass(frozen=True, slots=True)
class Orders:
    """What an autograder grades: `seed` is secret, because hidden inputs follow from it."""

    assignment: str
    seed: int
    language: str | None


def autograder(course: Path, assignment: Assignment, orders: Orders) -> bytes:
    """The zip; the same orders and files give the same bytes.

    Raises:
        CallError: a file of the course cannot be read.
    """
    held = {f"course/{name}": data for name, data in _course(course, assignment)}
    held |= {f"package/grader/{name}": data for name, data in _package(files("grader"))}
    held["package/pyproject.toml"] = _pyproject().encode("utf-8")
    body = {
        "autograder": FORMAT,
        "assignment": orders.assignment,
        "seed": orders.seed,
        "language": orders.language,
    }
    held["autograder.json"] = (json.dumps(body, indent=1) + "\n").encode("utf-8")
    for name in _SCRIPTS:
        held[name] = (files("grader.export.autograder") / name).read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(held.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if name in _SCRIPTS else 0o644) << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def orders_of(data: bytes, where: str) -> Orders:
    """What stands in an `autograder.json`.

    Raises:
        CallError: it is not one that this version wrote.
    """
    try:
        body: Mapping[str, Any] = json.loads(data)
        assignment, seed, language = body["assignment"], body["seed"], body["language"]
        sound = (
            body["autograder"] == FORMAT
            and isinstance(assignment, str)
            and type(seed) is int
            and seed >= 0
            and (language is None or isinstance(language, str))
        )
    except (ValueError, KeyError, TypeError) as error:
        raise CallError(
            f"{where}: expected what `grader export --gradescope-autograder` wrote, found {error!r}"
        ) from error
    if not sound:
        raise CallError(
            f"{where}: expected autograder {FORMAT}, an assignment's id, a seed and a language, "
            f"found {dict(body)!r}. Export it anew with this version of the grader."
        )
    return Orders(assignment, seed, language)


def _course(course: Path, assignment: Assignment) -> Iterator[tuple[str, bytes]]:
    """The files that define an assignment; of solutions only the references."""
    found = [course / NAME, course / "exercises" / "assignments" / f"{assignment.id}.toml"]
    found += [course / "exercises" / "assignments" / name for name in assignment.files]
    for exercise in assignment.exercises:
        found += sorted((course / "exercises" / exercise.id).iterdir())
        found.append(course / "solutions" / exercise.id / "reference.py")
    for path in found:
        try:
            if path.is_file():
                yield path.relative_to(course).as_posix(), path.read_bytes()
        except OSError as error:
            raise CallError(f"cannot read {path}: {error.strerror}") from error


def _package(folder: Traversable, above: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = f"{above}{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _package(entry, f"{name}/")
        elif PurePosixPath(name).suffix != ".pyc":
            yield name, entry.read_bytes()


def _pyproject() -> str:
    """How pip installs the package: what is installed here, without extras."""
    needed = [need for need in requires("grader") or () if "extra ==" not in need]
    return (
        "[build-system]\n"
        'requires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n'
        "[project]\n"
        f'name = "grader"\nversion = "{version("grader")}"\nrequires-python = ">=3.11"\n'
        f"dependencies = {json.dumps(needed, indent=4)}\n\n"
        '[project.scripts]\ngrader = "grader.__main__:main"\n\n'
        '[tool.hatch.build.targets.wheel]\npackages = ["grader"]\n'
    )
