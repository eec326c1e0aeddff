"""Mails that came back: delivery status (RFC 3464), and the forms of servers that do not keep to it (flufl.bounce)."""

from __future__ import annotations

import re
from email.message import Message

from remit.formats.mail.servers import plain_address
from remit.formats.mail.values import Bounce

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
MOST_SAYS = 200


def bounce_of(message: Message) -> Bounce | None:
    """None for every mail that is no report on a delivery. Only what looks like one is asked further, since quoted words deceive."""
    if message.get_content_type() == "multipart/report" and message.get_param("report-type", "") != "delivery-status":
        return None
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            return _standard(part)
    if not _is_from_a_server(message):
        return None
    from flufl.bounce import all_failures

    temporary, permanent = all_failures(message)
    if not temporary and not permanent:
        return None
    return Bounce(bool(permanent), tuple(sorted(_address(each) for each in permanent or temporary)))


def _standard(part: Message) -> Bounce | None:
    """The recipients that failed; where none did, those that still wait."""
    blocks = [block for block in part.get_payload() if isinstance(block, Message)] if part.is_multipart() else []
    for action, is_final in (("failed", True), ("delayed", False)):
        found = [block for block in blocks if str(block.get("Action", "")).strip().lower() == action]
        if found:
            recipients = (plain_address(str(block.get("Final-Recipient", "")).partition(";")[2].strip()) for block in found)
            status = _STATUS.search(str(found[0].get("Status", "")))
            says = " ".join(str(found[0].get("Diagnostic-Code", "")).partition(";")[2].split())
            says = "".join(letter for letter in says if letter.isprintable())[:MOST_SAYS]
            return Bounce(is_final, tuple(filter(None, recipients)), status[0] if status else "", says)
    return None


def _is_from_a_server(message: Message) -> bool:
    sender = plain_address(str(message.get("From", "")))
    return (
        str(message.get("Return-Path", "")).strip() == "<>"
        or sender.partition("@")[0] in ("mailer-daemon", "postmaster")
        or message.get("X-Failed-Recipients") is not None
    )


def _address(found: bytes | str) -> str:
    return found.decode("ascii", "replace") if isinstance(found, bytes) else found
