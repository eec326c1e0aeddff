"""How much a stranger may ask: a bucket of tokens per address, and files held in memory only."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest

FILE_BYTES = 10 * 2**20
"""The largest file that is checked without an account."""
FORM_BYTES = 2**14
"""What a form may weigh beside its file."""


class Buckets:
    """`burst` tokens for each key, refilled at `per_minute`; the keys least recently seen are dropped beyond `most`. Per process."""

    def __init__(self, burst: int, per_minute: float, most: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self.burst, self.per_second, self.most, self.clock = burst, per_minute / 60, most, clock
        self._lock = Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, key: str) -> int:
        """Takes a token and gives 0, or gives the seconds until there is one."""
        with self._lock:
            now = self.clock()
            left, since = self._left.pop(key, (float(self.burst), now))
            left = min(float(self.burst), left + (now - since) * self.per_second)
            self._left[key] = (left - 1 if left >= 1 else left, now)
            while len(self._left) > self.most:
                self._left.popitem(last=False)
            return 0 if left >= 1 else int((1 - left) / self.per_second) + 1


CHECKS = Buckets(burst=12, per_minute=12)
PICTURES = Buckets(burst=60, per_minute=60)
GUESTS = Buckets(burst=20, per_minute=10)
"""Codes asked for and tried, and wishes for a new link, from one address; each link has its own limits beside it."""


def address(request: HttpRequest) -> str:
    """Whom the bucket belongs to: the address of the other end, for IPv6 its network of 64 bits, since one household has all of that."""
    text = request.META.get("REMOTE_ADDR", "")
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return text
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else text


class InMemory(MemoryFileUploadHandler):
    """Keeps an upload in memory whatever its size, which the view has bounded; nothing reaches a disk."""

    def handle_raw_input(self, *args: object, **kwargs: object) -> None:
        self.activated = True
