"""Grades sample submissions, right and wrong, into HTML reports under `.demo/`."""

from __future__ import annotations

from pathlib import Path

from grader.kernel import KernelServer
from grader.pipeline import diagnosis_texts, grade
from grader.reference import ReferenceProcess
from grader.report import html
from grader.selftest import notebook, samples
from grader.spec import load_assignment, references

COURSE = Path(__file__).resolve().parent.parent
SUBMISSIONS = 8


def main() -> None:
    """Write eight submissions and their reports: student i takes the i-th samples."""
    folder = COURSE / ".demo"
    folder.mkdir(exist_ok=True)
    assignment = load_assignment(COURSE, "autograd")
    found = samples(COURSE, assignment)
    print(f"Grading {SUBMISSIONS} sample submissions of the assignment {assignment.id}:")
    with ReferenceProcess(references(COURSE, assignment)) as process, KernelServer() as server:
        for number in range(SUBMISSIONS):
            chosen = []
            for place, exercise in enumerate(assignment.exercises):
                # the first two hand in right answers; then one more exercise goes wrong each time
                right = number < 2 or (number + place) % 4 >= number // 2
                kind = "accepted" if right else "wrong"
                own = [s for s in found if s.exercise == exercise.id and s.kind == kind]
                chosen.append(own[number % len(own)])
            language = ("en", "zh", "ru")[number % 3]
            data = notebook(assignment, chosen, language)
            name = f"student-{number + 1}"
            (folder / f"{name}.ipynb").write_bytes(data)
            graded = grade(
                data, f"{name}.ipynb", assignment, process, seed=number, student=name,
                language=language, server=server.address,
            )  # fmt: skip
            result = graded.result
            page = folder / f"{name}.html"
            page.write_text(
                html(
                    result, graded.submission, graded.capture, language,
                    diagnosis_texts(result), assignment=graded.assignment,
                ),
                encoding="utf-8",
            )  # fmt: skip
            print(f"  {result.score:g} of {result.max_score:g}  {page.relative_to(COURSE)}")
    print(f"Open the reports in a browser: {folder}")


if __name__ == "__main__":
    main()
