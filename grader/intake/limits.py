"""How much of what strangers hand in is looked at. What is beyond is refused, and said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds; sizes are in bytes, unpacked.

    files:            in what the instructor names: a folder, or the zip that a platform made.
    download_bytes:   of all files in that zip together.
    handed_files:     in one archive that a student handed in, and as companions of one notebook.
    handed_bytes:     the same, together.
    notebooks:        in what a student handed in at once.
    file_bytes:       one file, as `grader.notebook.load` has it; of an archive too.
    ratio:            unpacked to packed size, for files of more than `ratio_from` bytes. Deflate
                      reaches 1032; a notebook that prints the same line for ever about 100.
    depth:            archives inside archives that students hand in; 1 is a zip with a notebook.
    """

    files: int = 100_000
    download_bytes: int = 100_000_000_000
    handed_files: int = 1_000
    handed_bytes: int = 200_000_000
    notebooks: int = 20
    file_bytes: int = 100_000_000
    ratio: int = 200
    ratio_from: int = 1_000_000
    depth: int = 2

    def directory_bytes(self, files: int) -> int:
        """How long an archive's table of contents may be that lists so many files.

        An entry takes 46 bytes and its name, with extra fields seldom more than 200.
        """
        return 1 << 16 | files * 300
