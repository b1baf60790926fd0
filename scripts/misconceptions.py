"""Writes docs/misconceptions.md from the catalogue: `python scripts/misconceptions.py`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from grader.diagnose import ids, plain, texts

PAGE = Path(__file__).resolve().parent.parent / "docs" / "misconceptions.md"
_HEAD = """\
# Misconceptions that the grader knows

Written by `make docs` from `grader/diagnose/catalogue/`; a test keeps it current. In a report the
ellipses are the student's own numbers and names. `grader explain ID --language zh` prints one, in
English, Chinese or Russian.
"""


def page() -> str:
    """The whole page."""
    listed = "\n".join(f"- [{id}](#{id}): {plain(texts(id, 'en')['title'])}" for id in ids())
    return "\n".join([_HEAD, listed, "", *(_entry(id) for id in ids())]).rstrip() + "\n"


def _entry(id: str) -> str:
    said = {field: plain(text) for field, text in texts(id, "en").items()}
    folder = files("grader.diagnose.catalogue") / id.replace("-", "_")
    wrong, right = (
        _code((folder / f"{name}.py").read_text("utf-8")) for name in ("wrong", "right")
    )
    return "\n".join(
        [
            f"## {id}",
            "",
            f"**{said['title']}.** {said['explanation']}",
            "",
            f"*Try next:* {said['try_next']} [Read on]({said['read_on']}).",
            "",
            "Wrong:",
            "",
            f"```python\n{wrong}\n```",
            "",
            "Right:",
            "",
            f"```python\n{right}\n```",
            "",
        ]
    )


def _code(text: str) -> str:
    """A snippet without its docstring and the remark for the type checker."""
    lines = text.replace("# mypy: ignore-errors\n", "").splitlines()
    if lines and lines[0].startswith('"""'):
        end = next(i for i, line in enumerate(lines) if line.rstrip().endswith('"""'))
        lines = lines[end + 1 :]
    return "\n".join(lines).strip()


if __name__ == "__main__":
    half = PAGE.with_suffix(".half")
    half.write_text(page(), "utf-8")
    half.replace(PAGE)
    print(f"{PAGE}: {len(ids())} misconceptions")
