"""Mail in the worker: the outbox is sent and the mailbox fetched, each at its pace; a server that fails is left alone for a while."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import close_old_connections

from remit.apps.organizations.mailing import sending
from remit.apps.organizations.mailing.receiving import Receiver
from remit.domain.reasons import Reason

SEND_EVERY_S, FETCH_EVERY_S = 2.0, 20.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 15.0, 900.0
log = structlog.get_logger(__name__)


class Turn:
    """Something done again and again: after trouble it pauses, twice as long each time."""

    def __init__(self, name: str, every_s: float, once: Callable[[], Reason | None]) -> None:
        self.name, self.every_s, self.once = name, every_s, once
        self.next_at, self.pause_s = 0.0, 0.0

    def take(self, now: float) -> None:
        """Do it where its time has come. Nothing that goes wrong ends the worker."""
        if now < self.next_at:
            return
        try:
            trouble = self.once()
            code = trouble.code if trouble else ""
        except Exception as fault:
            code = type(fault).__name__
        self.pause_s = min(self.pause_s * 2 or FIRST_PAUSE_S, LONGEST_PAUSE_S) if code else 0.0
        if code:
            log.warning("mail stands still", turn=self.name, problem=code, again_in_s=self.pause_s)
        self.next_at = time.monotonic() + (self.pause_s or self.every_s)


def run() -> None:
    """For ever; at once an end where no mail is set up, which only a new start changes."""
    receiver = Receiver()
    turns = []
    if settings.MAIL_URL:
        turns.append(Turn("sending", SEND_EVERY_S, lambda: sending.send_due().trouble))
    if settings.MAILBOX_URL:
        turns.append(Turn("receiving", FETCH_EVERY_S, lambda: receiver.fetch().trouble))
    while turns:
        for turn in turns:
            turn.take(time.monotonic())
        close_old_connections()
        time.sleep(0.5)
