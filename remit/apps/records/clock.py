"""The door's clock: the real one, or in the demo a stored one that starts on a fixed day and runs while Remit runs."""

import time
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection

_read: tuple[float, datetime, datetime] | None = None
_KEEP_S = 5.0


def now() -> datetime:
    """The instant at which a door lets someone in; actions get it handed and never ask for it."""
    real = datetime.now(UTC)
    if not settings.DEMO:
        return real
    global _read
    if _read is None or time.monotonic() - _read[0] > _KEEP_S:
        with connection.cursor() as cursor:
            cursor.execute("select shown_at, set_at from records_clock where id = 1")
            row = cursor.fetchone()
        if row is None:
            return real
        _read = (time.monotonic(), *row)
    return _read[1] + (real - _read[2])


def shown(instant: datetime) -> datetime:
    """An instant of the real clock, by which links, tokens and mails live, on the door's clock: in the demo it is as far from its now as from the real one."""
    return instant + (now() - datetime.now(UTC)) if settings.DEMO else instant


def set_to(instant: datetime) -> None:
    """Let the demo's clock show `instant` from now on."""
    global _read
    _read = None
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into records_clock (id, shown_at, set_at) values (1, %s, %s) "
            "on conflict (id) do update set shown_at = excluded.shown_at, set_at = excluded.set_at",
            [instant, datetime.now(UTC)],
        )


def go_on() -> None:
    """After a pause the demo's clock goes on from where it stood (its newest entry, or where it was set), not from where it would be by now."""
    with connection.cursor() as cursor:
        cursor.execute("select shown_at from records_clock where id = 1")
        row = cursor.fetchone()
        newest = newest_instant()
    if row is not None:
        set_to(max(row[0], newest) if newest else row[0])


def newest_instant() -> datetime | None:
    """When the newest entry was decided, over all organizations."""
    with connection.cursor() as cursor:
        cursor.execute("select newest_entry_at()")
        row = cursor.fetchone()
    return row[0] if row else None
