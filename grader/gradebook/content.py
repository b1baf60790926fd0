"""The content of what was handed in, as one hash: same content, same hash, whoever it is from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping


def content_hash(
    notebook: bytes, companions: Mapping[str, bytes] | None = None, *, name: str = ""
) -> str:
    """SHA-256 over the notebook and its companions, by name.

    Of the notebook's own name only what it makes of the bytes counts: a `.py` is a script.
    """
    digest = hashlib.sha256()
    if name.lower().endswith(".py"):
        digest.update(b"percent script:")
    _add(digest, notebook)
    for companion, data in sorted((companions or {}).items()):
        _add(digest, companion.encode("utf-8", "surrogatepass"))
        _add(digest, data)
    return digest.hexdigest()


def _add(digest: hashlib._Hash, part: bytes) -> None:
    digest.update(len(part).to_bytes(8, "big"))
    digest.update(part)
