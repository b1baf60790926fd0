"""Files that are looked at again and again, for commands that do their work anew on every save."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

LOOK_SECONDS = 0.025
_QUIET_LOOKS = 20

Stamps = Mapping[Path, tuple[int, int, int]]


def stamps(files: Iterable[Path]) -> Stamps:
    """What tells one state of files from another: a save in place, or by renaming, shows in it."""
    found = {}
    for path in files:
        try:
            status = path.stat()
        except (OSError, ValueError):  # gone between listing and looking, or never there
            continue
        found[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found


def _pause() -> None:
    time.sleep(LOOK_SECONDS)


class Watch:
    """Yields at once, and then whenever the files have changed since the last time it did.

    What changes while the caller is at work is not missed: the next turn comes at once.

    Args:
        files: tells which files there are; asked at every look.
        pause: waits from one look to the next.
    """

    def __init__(
        self, files: Callable[[], Iterable[Path]], pause: Callable[[], None] = _pause
    ) -> None:
        self._files = files
        self._pause = pause
        self._seen: Stamps = {}

    def __iter__(self) -> Iterator[None]:
        while True:
            self._seen = self._look()
            yield
            while self._look() == self._seen:
                self._pause()

    def still(self) -> bool:
        """Whether nothing changes for half a second; False as soon as something has.

        For a file that cannot be read: perhaps it is just being written.
        """
        for _ in range(_QUIET_LOOKS):
            if self._look() != self._seen:
                return False
            self._pause()
        return True

    def _look(self) -> Stamps:
        return stamps(self._files())
