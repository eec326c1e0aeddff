"""The devices on which a log-in is signed in: when each was last seen, in words, and ending them."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from remit.apps.organizations.models import User

SEEN_EVERY_S = 600
_MOST = 20_000
_lock = Lock()
_seen: OrderedDict[str, float] = OrderedDict()

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def seen(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Note every ten minutes, and once after each start of this process, that a device is still there: not at each request, for each would then write."""

    def middleware(request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated and _is_due(key):
            _note(key)
        return get_response(request)

    return middleware


def just_seen(key: str | None) -> None:
    """The device that signed in this moment was noted then."""
    if key:
        _is_due(key)


def _is_due(key: str) -> bool:
    now = time.monotonic()
    with _lock:
        last = _seen.pop(key, None)
        _seen[key] = last if last is not None and now - last < SEEN_EVERY_S else now
        while len(_seen) > _MOST:
            _seen.popitem(last=False)
        return _seen[key] == now


def _note(key: str) -> None:
    from allauth.usersessions.models import UserSession

    try:
        UserSession.objects.filter(session_key=key).update(last_seen_at=timezone.now())
    except DatabaseError:
        # Knowing when a device was seen is worth no failed page.
        return


def words(agent: str) -> str:
    """A browser and its system, as far as it says: Firefox, Linux."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return ", ".join(filter(None, (browser, system))) or re.sub(r"\s+", " ", agent)[:40] or "–"


def of(user: User) -> list[dict[str, object]]:
    """Every device that is still signed in, the one that asks first, then the latest seen."""
    from allauth.usersessions.models import UserSession

    rows = UserSession.objects.purge_and_list(user)
    rows.sort(key=lambda row: (not row.is_current(), -row.last_seen_at.timestamp()))
    return [{"row": row, "words": words(row.user_agent), "current": row.is_current()} for row in rows]
