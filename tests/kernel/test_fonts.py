"""matplotlib's list of fonts is made once; kernels get a copy, and cannot change what is kept."""

from __future__ import annotations

import json
import os
from pathlib import Path

import psutil
import pytest

from grader.kernel import FontList, KernelServer
from grader.kernel.scratch import Scratch, font_folder

from .conftest import Say

SHOW = """
from matplotlib import font_manager
print(*sorted({font.name for font in font_manager.fontManager.ttflist if 'Planted' in font.name}))
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where lists are kept: nobody's yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = font_folder()
    assert folder is not None and folder.is_relative_to(tmp_path)
    return folder


def plant(cache: Path) -> Path:
    """A list in which one font is called as no font is."""
    with FontList():
        pass
    (made,) = cache.iterdir()
    told = json.loads(made.read_text())
    told["ttflist"][0]["name"] = "Planted"
    made.write_text(json.dumps(told))
    return made


def test_it_is_made_once(cache: Path) -> None:
    with FontList():
        assert not [*cache.iterdir()]
    (made,) = cache.iterdir()
    assert json.loads(made.read_text())["ttflist"]
    before = made.stat().st_ino
    running = psutil.Process().children()
    with FontList():
        assert psutil.Process().children() == running
    assert [path.stat().st_ino for path in cache.iterdir()] == [before]


def test_it_is_made_again_when_a_font_was_installed(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plant(cache)
    later = made.stat().st_mtime + 1
    installed = tmp_path / "fonts" / "truetype"
    installed.mkdir(parents=True)
    os.utime(installed, (later, later))
    os.utime(installed.parent, (0, 0))
    monkeypatch.setattr("grader.kernel.scratch._FONTS", (str(installed.parent),))
    with Scratch({}) as scratch:
        assert not [*(scratch.root / "home" / "matplotlib").iterdir()]
    with FontList():
        pass
    assert "Planted" not in made.read_text()


def test_one_that_is_not_ready_in_time_is_given_up(cache: Path) -> None:
    running = psutil.Process().children()
    FontList().close(at_once=True)
    assert not [*cache.iterdir()]
    assert psutil.Process().children() == running


def test_where_it_cannot_be_kept_it_is_not_made(cache: Path) -> None:
    cache.parent.touch()
    running = psutil.Process().children()
    with FontList():
        assert psutil.Process().children() == running


def test_every_scratch_folder_gets_a_copy(cache: Path) -> None:
    made = plant(cache)
    with Scratch({}) as scratch:
        copy = scratch.root / "home" / "matplotlib" / made.name
        assert copy.read_bytes() == made.read_bytes()
        copy.write_text("something else")
    assert "Planted" in made.read_text()


@pytest.mark.parametrize("layers", [None, ()])
def test_kernels_read_it(cache: Path, layers: tuple[str, ...] | None, say: Say) -> None:
    plant(cache)
    with KernelServer(layers) as server:
        assert say(server, SHOW) == "Planted"


def test_a_server_has_it_made(cache: Path, say: Say) -> None:
    with KernelServer(()) as server:
        assert say(server, "print('ran')") == "ran"
    (made,) = cache.iterdir()
    assert json.loads(made.read_text())["ttflist"]
