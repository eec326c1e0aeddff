"""Mail servers as the settings name them: URLs read into values, with every fault said."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

Security = Literal["tls", "starttls", "none"]

ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\x00-\x1f\x7f\ud800-\udfff]{1,64}@[^\s@<>\"(),:;\\\x00-\x1f\x7f\ud800-\udfff]{1,189}")
SMTP_PORTS = {"smtp": 587, "smtps": 465}
IMAP_PORTS = {"imap": 143, "imaps": 993}
URL, FROM, MAILBOX, AUTHSERV = "REMIT_MAIL_URL", "REMIT_MAIL_FROM", "REMIT_MAILBOX_URL", "REMIT_MAIL_AUTHSERV"


class NotMailSettings(ValueError):
    """The settings cannot be used; each line of the text is `NAME: what is wrong`, and no line holds a password."""


@dataclass(frozen=True)
class Server:
    """Where, how protected, and as whom."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Mailbox:
    """A folder of an IMAP server, and the address whose mails arrive there. `takes_plus`: local+anything@domain arrives there, too."""

    server: Server
    folder: str
    address: str
    takes_plus: bool

    @property
    def key(self) -> str:
        """Names the folder of this log-in by a hash."""
        return hashlib.sha256("\n".join((self.server.host, str(self.server.port), self.server.user, self.folder)).encode()).hexdigest()

    def reply_address(self, key: str) -> str:
        """Where an answer to the mail of that key goes."""
        local, _, domain = self.address.rpartition("@")
        return f"{local}+{key}@{domain}" if self.takes_plus else self.address


@dataclass(frozen=True)
class MailSettings:
    """What is set: a server to send by, the address mails come from, a mailbox for answers, and whose word on a sender is trusted."""

    smtp: Server | None = None
    sender: str = ""
    mailbox: Mailbox | None = None
    authserv: str = ""
    """The name under which the receiving server states what it checked (RFC 8601, authserv-id); empty: nothing is believed."""


def mail_settings(given: Mapping[str, str]) -> MailSettings:
    """From the environment, by the names above. Raises NotMailSettings with every fault."""
    faults: list[str] = []
    smtp: Server | None = None
    mailbox: Mailbox | None = None
    try:
        smtp = read_smtp(given[URL].strip()) if given.get(URL, "").strip() else None
    except ValueError as fault:
        faults.append(f"{URL}: {fault}")
    try:
        mailbox = read_mailbox(given[MAILBOX].strip()) if given.get(MAILBOX, "").strip() else None
    except ValueError as fault:
        faults.append(f"{MAILBOX}: {fault}")
    sender = given.get(FROM, "").strip()
    if sender and not ADDRESS.fullmatch(sender):
        faults.append(f"{FROM}: {sender!r} is no mail address such as remit@example.com (the name shown is that of the organization)")
    fallback = (mailbox.address if mailbox else "") or (smtp.user if smtp and ADDRESS.fullmatch(smtp.user) else "")
    if smtp and not sender and not fallback:
        faults.append(f"{FROM}: name the address that mails come from")
    if mailbox and not smtp and URL not in "".join(faults):
        faults.append(f"{URL}: a mailbox for answers needs a server to send by: name it, too")
    if faults:
        raise NotMailSettings("\n".join(faults))
    return MailSettings(smtp, sender or fallback, mailbox, given.get(AUTHSERV, "").strip().lower())


def read_smtp(url: str) -> Server:
    """`smtp://user:password@host:587?tls=starttls|none` or `smtps://…`. ValueError says what is wrong."""
    parts, query = _split(url, SMTP_PORTS)
    if parts.path not in ("", "/"):
        raise ValueError("nothing stands after the host but ?tls= (an @, : or / within the password is written %40, %3A, %2F)")
    return _server(parts, query, SMTP_PORTS)


def read_mailbox(url: str) -> Mailbox:
    """`imaps://user:password@host/Folder` or `imap://…?tls=starttls|none`, with `address=` and `plus=no`. ValueError says what is wrong."""
    parts, query = _split(url, IMAP_PORTS)
    address, plus = query.pop("address", ""), query.pop("plus", "yes")
    server = _server(parts, query, IMAP_PORTS)
    if not server.user:
        raise ValueError("a mailbox needs user and password: imaps://user:password@host/INBOX")
    address = address or server.user
    if not ADDRESS.fullmatch(address):
        raise ValueError("add ?address= with the address whose mails arrive there, since the user is no address")
    if plus not in ("yes", "no"):
        raise ValueError("plus= is yes or no")
    return Mailbox(server, unquote(parts.path.strip("/")) or "INBOX", address, plus == "yes")


def _split(url: str, ports: Mapping[str, int]) -> tuple[SplitResult, dict[str, str]]:
    known = " or ".join(f"{scheme}://" for scheme in ports)
    try:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError as fault:
        raise ValueError(f"it is no address of the form {known}user:password@host") from fault
    if parts.scheme not in ports:
        raise ValueError(f"it begins with {known}")
    if parts.fragment:
        raise ValueError("a # within user or password is written %23")
    return parts, query


def _server(parts: SplitResult, query: dict[str, str], ports: Mapping[str, int]) -> Server:
    tls = query.pop("tls", "")
    if query:
        raise ValueError(f"unknown: {', '.join(sorted(query))}")
    try:
        port = parts.port or ports[parts.scheme]
    except ValueError as fault:
        raise ValueError("the port is no number up to 65535 (an @, : or / within the password is written %40, %3A, %2F)") from fault
    if not parts.hostname:
        raise ValueError("the host is missing")
    if parts.scheme.endswith("s"):
        if tls not in ("", "tls"):
            raise ValueError(f"{parts.scheme}:// is protected from the first byte: leave out tls={tls}")
        security: Security = "tls"
    elif tls in ("", "starttls"):
        security = "starttls"
    elif tls == "none":
        security = "none"
    else:
        raise ValueError("tls= is starttls or none")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("user and password come together, or neither")
    if re.search(r"[\x00-\x1f\x7f]", user + password):
        raise ValueError("user and password hold no control characters")
    return Server(parts.hostname, port, security, user, password)


def plain_address(text: str) -> str:
    """The bare address of a header such as `Lenka <lenka@example.com>`, in small letters; empty where there is none."""
    found = parseaddr(text)[1].strip().lower()
    return found if ADDRESS.fullmatch(found) else ""


def shown(name: str, address: str) -> Address | str:
    """A name with its address, as a header takes it; names are cut of what would end the line."""
    local, _, domain = address.rpartition("@")
    clean = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())[:120]
    try:
        return Address(clean, local, domain)
    except ValueError:
        return address
