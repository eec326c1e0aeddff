"""A mail of a stranger read into values: whom it answers, what it says, what it carries. Runs where bytes of strangers are parsed, under limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses

from remit.formats.mail.authentication import checked
from remit.formats.mail.bounces import bounce_of
from remit.formats.mail.replies import own_part, text_of_html
from remit.formats.mail.servers import plain_address
from remit.formats.mail.values import Attachment, Incoming

MOST_PARTS = 200
MOST_FILES = 40
MOST_TEXT = 20_000
KEY = re.compile(r"[0-9a-f]{24}")
_IN_ID, _PLUS = re.compile(r"<([0-9a-f]{24})@"), re.compile(r"\+([0-9a-f]{24})@")
_ENCRYPTED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted", "application/pgp-encrypted"})
_NOT_A_FILE = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


def read(data: bytes, own: tuple[str, ...] = (), authserv: str = "") -> Incoming:
    """Any bytes give a value. `own`: the addresses that mails of this installation come from; `authserv`: the server whose word on senders is trusted."""
    message = message_from_bytes(data, policy=compat32)
    senders = getaddresses(_all(message, "From"))
    addresses = list(dict.fromkeys(filter(None, (plain_address(address) for _name, address in senders))))
    bounce = bounce_of(message)
    texts, files, left_out = _parts(message) if bounce is None else ([], [], [])
    return Incoming(
        sender=addresses[0] if addresses else "",
        sender_name=_clean(senders[0][0])[:120] if senders else "",
        subject=_clean(header(message, "Subject"))[:200],
        message_id=_clean(header(message, "Message-ID"))[:250],
        keys=_keys(message, data if bounce is not None else b""),
        text=own_part("\n\n".join(texts), own)[:MOST_TEXT],
        files=tuple(files),
        bounce=bounce,
        automatic=_automatic(message, own, addresses),
        checked=checked(_all(message, "Authentication-Results"), authserv),
        left_out=tuple(dict.fromkeys(left_out)),
        has_many_senders=len(addresses) != 1,
    )


def header(message: Message, name: str) -> str:
    """A header, decoded; empty where it is missing or cannot be decoded at all."""
    found = _all(message, name)
    return found[0] if found else ""


def _all(message: Message, name: str) -> list[str]:
    found = []
    for raw in message.get_all(name, []):
        try:
            found.append(str(make_header(decode_header(str(raw)))))
        except (ValueError, LookupError, AssertionError, MessageError):
            found.append(str(raw).encode("utf-8", "replace").decode())
    return found


def _clean(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _keys(message: Message, returned: bytes) -> tuple[str, ...]:
    """From the address that it was sent to, then what it answers, then what came before; of a bounce also from what was returned."""
    found: list[str] = []
    for name in ("To", "Delivered-To", "X-Original-To", "Envelope-To", "Cc"):
        found += [key for value in _all(message, name) for key in _PLUS.findall(value.lower())]
    found += [key for value in _all(message, "In-Reply-To") for key in _IN_ID.findall(value)]
    found += [key for value in _all(message, "References") for key in reversed(_IN_ID.findall(value))]
    found += [key.decode() for key in re.findall(rb"(?im)^message-id:\s*<([0-9a-f]{24})@", returned)]
    return tuple(dict.fromkeys(found))[:10]


def _automatic(message: Message, own: tuple[str, ...], senders: list[str]) -> str:
    """Why a program sent it; empty where nothing says so (RFC 3834, section 2, and what is sent in practice)."""
    submitted = header(message, "Auto-Submitted").split(";")[0].strip().lower()
    if submitted and submitted != "no":
        return "Auto-Submitted"
    for name in ("X-Autoreply", "X-Autorespond", "List-Id", "List-Unsubscribe", "X-Auto-Response"):
        if message.get(name) is not None:
            return name
    if header(message, "Precedence").strip().lower() in ("bulk", "junk", "list", "auto_reply"):
        return "Precedence"
    if header(message, "Return-Path").strip() == "<>":
        return "Return-Path"
    if message.get_content_type() == "multipart/report":
        return "multipart/report"
    local = senders[0].partition("@")[0] if senders else ""
    if local in ("mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply") or set(senders) & {each.lower() for each in own}:
        return "From"
    return ""


def _parts(message: Message) -> tuple[list[str], list[Attachment], list[str]]:
    """(texts, files, kinds of parts left out). Of alternatives the plain text; pictures that belong to a layout are no files."""
    texts: list[str] = []
    htmls: list[str] = []
    files: list[Attachment] = []
    left_out: list[str] = []
    for part in _leaves(message):
        kind, name = part.get_content_type(), _name(part)
        if kind in _ENCRYPTED:
            left_out.append("encrypted")
        elif kind in _TNEF or name.lower() == "winmail.dat":
            left_out.append("winmail.dat")
        elif kind in _NOT_A_FILE:
            continue
        elif part.get_content_disposition() != "attachment" and not name and kind in ("text/plain", "text/html"):
            (texts if kind == "text/plain" else htmls).append(_text(part))
        elif kind.startswith("image/") and part.get_content_disposition() != "attachment" and part.get("Content-ID"):
            continue
        elif len(files) == MOST_FILES:
            left_out.append("more")
        else:
            files.append(Attachment(name or _nameless(kind), _content(part)))
    return texts or [text_of_html(html) for html in htmls], files, left_out


def _leaves(message: Message) -> Iterator[Message]:
    """Parts that hold no parts; a mail within the mail is one part."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        if part.is_multipart() and part.get_content_maintype() != "message":
            waiting = [each for each in part.get_payload() if isinstance(each, Message)] + waiting
        else:
            yield part


def _name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
        name = str(make_header(decode_header(name)))
    except (ValueError, LookupError, AssertionError, TypeError, MessageError):
        name = ""
    return _clean(name.replace("\\", "/").rpartition("/")[2])[:200]


def _nameless(kind: str) -> str:
    return {"message/rfc822": "mail.eml", "text/plain": "text.txt", "text/html": "text.html", "application/pdf": "file.pdf"}.get(kind, "file")


def _content(part: Message) -> bytes:
    if part.get_content_maintype() == "message":
        inner = part.get_payload()
        return inner[0].as_bytes() if isinstance(inner, list) and inner and isinstance(inner[0], Message) else b""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: Message) -> str:
    content = _content(part)
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        # No such character set, or a name that can be none.
        return content.decode("utf-8", "replace")
