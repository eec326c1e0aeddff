"""What was derived from large frozen values, known again by the very values: comparing or hashing a hundred thousand entries would cost more."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Known:
    """The newest results of pure functions, at most `most` of them. A result keeps its values alive, so that no other value takes their identity."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Any, tuple[tuple[Any, ...], Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, make: Callable[..., T], *values: Any, facts: object = None) -> T:
        """`make(*values)`, made once while it is kept; `facts`: what else the result depends on, compared by value."""
        key = (*map(id, values), facts)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(T, self._kept[key][1])
        made = make(*values)
        with self._lock:
            self._kept[key] = (values, made)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
