"""The answer about an evidence pack: what the stand-alone verifier recomputed, and as loudly what that does not show."""

from __future__ import annotations

from remit.front.pages.checks import Answer


def pack_answer(name: str, data: bytes) -> Answer:
    """`data` is the pack as it was uploaded."""
    raise NotImplementedError
