"""Fetching the mailbox: each mail is read in a process apart, as if it were hostile, handled once, and put away."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass, field

import structlog
from django.db import connection

from remit.apps.organizations.acting import Busy
from remit.apps.organizations.mailing import placing
from remit.apps.organizations.mailing.mailbox import Box, opened
from remit.apps.organizations.mailing.placing import Spot
from remit.apps.organizations.mailing.sessions import NoServer
from remit.apps.organizations.mailing.setup import current
from remit.domain.reasons import N_, Reason, Sentence
from remit.formats import hostile
from remit.formats.mail.reading import read
from remit.formats.mail.servers import MailSettings
from remit.formats.mail.values import Incoming

TOO_LARGE = Sentence("mail.too_large", N_("It is larger than {most} MB. Open the link and bring the files there, one by one."))
UNREADABLE = Sentence("mail.unreadable", N_("It cannot be read as a mail: {finding}"))
CRASHED = Sentence("mail.crashed", N_("Handling it failed several times. It lies unread in the mailbox's folder of handled mails."))
_LIMITS = {code: Sentence(code, rule.says) for code, rule in hostile.RULES.items()}

BATCH = 50
MOST_BYTES = 40 * 2**20
"""Of a whole mail, in which files are a third larger than they are."""
SECONDS, MEMORY_BYTES = 20.0, 768_000_000
MOST_TRIES = 3
log = structlog.get_logger(__name__)


@dataclass
class Fetched:
    """What one pass did: mails by outcome, and what kept it from going on."""

    outcomes: Counter[str] = field(default_factory=Counter)
    trouble: Reason | None = None


class Receiver:
    """Fetches again and again; remembers which mails could not be handled, so that none stands in the way of the others for ever."""

    def __init__(self) -> None:
        self._failed: Counter[str] = Counter()

    def fetch(self, most: int = BATCH) -> Fetched:
        """Handle what lies in the mailbox and was not handled before, oldest first. Safe to run in several processes at once."""
        fetched, settings = Fetched(), current()
        if settings.mailbox is None or placing.operator() is None:
            return fetched
        try:
            with opened(settings.mailbox) as box:
                known = _handled_in(box)
                for uid in [uid for uid in box.uids() if uid not in known][:most]:
                    if outcome := self._one(box, uid, settings):
                        fetched.outcomes[outcome] += 1
        except NoServer as trouble:
            fetched.trouble = trouble.reason
        return fetched

    def _one(self, box: Box, uid: str, settings: MailSettings) -> str:
        size = box.size(uid)
        content = box.content(uid, only_head=size > MOST_BYTES)
        if not content:
            return ""
        spot, place = Spot(box.key, uid), f"{box.key}:{uid}"
        try:
            outcome = self._handled(content, size, spot, settings, self._failed[place])
        except Busy:
            # All that reads papers is at work: the mail waits for its turn.
            return ""
        except Exception as fault:
            # Whatever is wrong with one mail, the others are handled; its text is in no log.
            self._failed[place] += 1
            frame = traceback.extract_tb(fault.__traceback__)[-1]
            log.error("a mail was not handled", problem=type(fault).__name__, at=f"{frame.name}:{frame.lineno}", tries=self._failed[place])
            return ""
        if outcome is None:
            return ""
        self._failed.pop(place, None)
        box.put_away(uid)
        return outcome

    def _handled(self, content: bytes, size: int, spot: Spot, settings: MailSettings, failed: int) -> str | None:
        """The outcome, empty where it was handled before; None where it waits for its turn."""
        parsed = hostile.run_limited(read, content, (settings.sender, *_box_address(settings)), settings.authserv, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
        if isinstance(parsed, hostile.Busy):
            return None
        if not isinstance(parsed, hostile.Answer):
            finding = parsed.finding
            return placing.refuse(NOBODY, placing.key_of(NOBODY, content), spot, UNREADABLE(finding=_LIMITS[finding.code](**finding.values)))
        mail: Incoming = parsed.value
        key = placing.key_of(mail, content)
        if size > MOST_BYTES:
            return placing.refuse(mail, key, spot, TOO_LARGE(most=MOST_BYTES // 2**20))
        if failed >= MOST_TRIES:
            return placing.refuse(mail, key, spot, CRASHED())
        return placing.handle(mail, key, spot, settings.authserv)


NOBODY = Incoming(sender="", sender_name="", subject="", message_id="", keys=())
"""What is known of a mail that could not be read."""


def _box_address(settings: MailSettings) -> tuple[str, ...]:
    return (settings.mailbox.address,) if settings.mailbox else ()


def _handled_in(box: Box) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("select * from mails_handled_in(%s)", [box.key])
        return {uid for (uid,) in cursor.fetchall()}
