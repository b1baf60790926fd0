"""Ids of what a student may be told about a notebook's stamp, and what fills them."""

from collections.abc import Mapping

MESSAGES: Mapping[str, tuple[str, ...]] = {
    "input.no-stamp": (),
    "input.stamp-version": ("found",),
    "input.stamp-damaged": (),
}
