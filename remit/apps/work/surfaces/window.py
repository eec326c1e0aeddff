"""Which part of many rows a page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

AT_ONCE = 50


@dataclass(frozen=True)
class Window:
    """From `first` on, `AT_ONCE` rows (of what is open from `open_first` on); all where `whole`."""

    first: int = 0
    open_first: int = 0
    whole: bool = False

    @classmethod
    def asked(cls, given: Any) -> Window:
        """From the page's query; nonsense shows the beginning."""
        return cls(_count(given.get("from")), _count(given.get("open")), given.get("show") == "all")


@dataclass(frozen=True)
class Shown:
    """Rows of a window, and what lies before and after it."""

    rows: Sequence[Any]
    count: int
    first: int
    previous: int | None
    following: int | None

    @property
    def last(self) -> int:
        """The number of the last row shown, from 1."""
        return self.first + len(self.rows)

    @property
    def is_part(self) -> bool:
        """Whether there is more than is shown."""
        return len(self.rows) < self.count


def shown(rows: Sequence[Any], first: int, whole: bool = False) -> Shown:
    """The rows from `first` on; a window that begins past the end shows the last rows there are."""
    if whole:
        return Shown(rows, len(rows), 0, None, None)
    first = min(first, max(0, (len(rows) - 1) // AT_ONCE * AT_ONCE))
    until = first + AT_ONCE
    return Shown(rows[first:until], len(rows), first, max(0, first - AT_ONCE) if first else None, until if until < len(rows) else None)


def _count(text: Any) -> int:
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 9 else 0
