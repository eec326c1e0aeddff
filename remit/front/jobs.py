"""What happens unasked: months open by themselves, closed periods are sealed and their packs given, members are reminded and told; mails go out and in."""

from __future__ import annotations

import threading
import time
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection

from remit.apps.organizations.acting import BadInput, Refused
from remit.apps.people.gate import store_rule_sets
from remit.apps.records import clock
from remit.apps.records.context import By
from remit.apps.work.actions import give_pack, open_period, release_access, seal_period
from remit.front import post
from remit.front.at_once import tell_at_once
from remit.front.digests import write_digests
from remit.front.pages import demonstration
from remit.front.reminding import remind_of_questions

EVERY_S = 0.5
MONTHS_EVERY_S = 30
log = structlog.get_logger(__name__)


def run() -> None:
    """Look every half second, for ever. Mail has a thread of its own, since its servers may take their time."""
    store_rule_sets(clock.now())
    threading.Thread(target=post.run, name="mail", daemon=True).start()
    months_at = 0.0
    while True:
        if not _is_being_built():
            seal_what_is_closed()
            remind_of_questions()
            if time.monotonic() >= months_at:
                open_what_begins()
                release_what_nobody_may_use()
                write_digests()
                tell_at_once()
                months_at = time.monotonic() + MONTHS_EVERY_S
        time.sleep(EVERY_S)


def _is_being_built() -> bool:
    """While its script runs, the demonstration's clock belongs to the script."""
    if not settings.DEMO:
        return False
    built = demonstration.told(settings.REMIT_DATA)
    return built is None or not built.done


def seal_what_is_closed() -> int:
    """Seal and pack what waits and is under a signed checkpoint by now; how many steps were done. What is not ready is tried again next time."""
    done = 0
    for period, client, is_sealed in _waiting():
        step = give_pack if is_sealed else seal_period
        by = By(organization=client, door="job", name="Remit")
        try:
            result = step(by=by, at=clock.now(), period=period)
        except BadInput:
            continue
        if isinstance(result, Refused):
            log.warning("not sealed", period=str(period), codes=[reason.code for reason in result.reasons])
            continue
        done += 1
    return done


def open_what_begins() -> int:
    """Open the months that open by themselves; how many. One that is refused is tried again next time and keeps none of the others."""
    done = 0
    with connection.cursor() as cursor:
        cursor.execute("select engagement, entity, provider, month from months_to_open(%s)", [clock.now()])
        rows = cursor.fetchall()
    for engagement, entity, provider, month in rows:
        by = By(organization=provider, door="job", name="Remit")
        try:
            result = open_period(by=by, at=clock.now(), engagement=engagement, entity=entity, month=month)
        except BadInput as bad:
            log.warning("month not opened", engagement=str(engagement), codes=[reason.code for reasons in bad.errors.values() for reason in reasons])
            continue
        if isinstance(result, Refused):
            log.warning("month not opened", engagement=str(engagement), codes=[reason.code for reason in result.reasons])
            continue
        done += 1
    return done


def release_what_nobody_may_use() -> int:
    """Give back the accounts of whoever left the provider or was walled off, so that the client takes them away; how many."""
    done = 0
    with connection.cursor() as cursor:
        cursor.execute("select access, provider, why from accounts_to_release(%s)", [clock.now()])
        rows = cursor.fetchall()
    for access, provider, why in rows:
        result = release_access(by=By(organization=provider, door="job", name="Remit"), at=clock.now(), access=access, why=why)
        if isinstance(result, Refused):
            log.warning("account not given back", access=str(access), codes=[reason.code for reason in result.reasons])
            continue
        done += 1
    return done


def _waiting() -> list[tuple[UUID, UUID, bool]]:
    with connection.cursor() as cursor:
        cursor.execute("select period, client, sealed from periods_to_seal()")
        return cursor.fetchall()
