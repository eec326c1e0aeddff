"""A service line's reader, called in a process apart: bytes and names in, plain values out."""

from __future__ import annotations

import io
from typing import Any

from remit.domain.line import Answers, Finding, Paper
from remit.domain.tasks import slot_of
from remit.lines import lines

LINES = lines()
"""Loaded with this module, before time and memory are counted."""


def read(data: bytes, service: str, slot: str, name: str, sha256: str, entity: Answers) -> tuple[Any, tuple[Finding, ...]]:
    """The file as the slot of that service reads it: value or None, and all that was found. KeyError for a service or slot that there is not."""
    value, found = slot_of(LINES[service], slot).read(Paper(name, sha256, lambda: io.BytesIO(data)), entity)
    return value, tuple(found)
