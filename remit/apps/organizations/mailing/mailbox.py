"""The mailbox as it lies on its IMAP server: what is in it, the bytes of one mail, and putting away what is handled."""

from __future__ import annotations

import hashlib
import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxUnencrypted
from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError

from remit.apps.organizations.mailing.sessions import NO_LOG_IN, TIMEOUT_S, NoServer, said, unprotected, unreachable
from remit.domain.reasons import N_, Sentence
from remit.formats.mail.servers import Mailbox

NO_FOLDER = Sentence("mail.no_folder", N_("The folder {folder} cannot be opened: {problem}."))
HANDLED = "Remit-handled"
"""Where handled mails are put, beside the folder; it is made when first needed."""


class Box:
    """An opened folder. `key` names it with its UIDVALIDITY, so that a number there names one mail for ever."""

    def __init__(self, session: BaseMailBox, mailbox: Mailbox) -> None:
        self._session = session
        validity = session.folder.status(mailbox.folder, ["UIDVALIDITY"])["UIDVALIDITY"]
        self.key = hashlib.sha256(f"{mailbox.key}\n{validity}".encode()).hexdigest()
        self._has_handled = False

    def uids(self) -> list[str]:
        """Of all mails in the folder, oldest first."""
        return sorted(self._session.uids("ALL"), key=int)

    def size(self, uid: str) -> int:
        """In bytes; 0 where the mail is gone."""
        for part in self._fetched(uid, "(RFC822.SIZE)"):
            text = part[0] if isinstance(part, tuple) else part
            if isinstance(text, bytes) and b"RFC822.SIZE" in text:
                return int(text.split(b"RFC822.SIZE")[1].strip(b" )").split()[0].strip(b")"))
        return 0

    def content(self, uid: str, *, only_head: bool = False) -> bytes:
        """The bytes as they came, without marking it as read; empty where it is gone."""
        for part in self._fetched(uid, "(BODY.PEEK[HEADER])" if only_head else "(BODY.PEEK[])"):
            if isinstance(part, tuple) and isinstance(part[1], bytes):
                return part[1]
        return b""

    def put_away(self, uid: str) -> bool:
        """Move it to the folder of handled mails; False where the server does not let us, and then the database alone knows that it was handled."""
        try:
            if not self._has_handled:
                if not self._session.folder.exists(HANDLED):
                    self._session.folder.create(HANDLED)
                self._has_handled = True
            self._session.move(uid, HANDLED)
        except (ImapToolsError, imaplib.IMAP4.error):
            return False
        return True

    def _fetched(self, uid: str, what: str) -> list[Any]:
        status, found = self._session.client.uid("FETCH", uid, what)
        return list(found) if status == "OK" else []


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[Box]:
    """The folder, until it is left. Raises NoServer with the reason, also where the connection breaks meanwhile."""
    server = mailbox.server
    try:
        session = _session(mailbox)
        try:
            session.login(server.user, server.password, initial_folder=None)
            session.folder.set(mailbox.folder)
            yield Box(session, mailbox)
        finally:
            try:
                session.logout()
            except (OSError, ImapToolsError, imaplib.IMAP4.error):
                session.client.shutdown()
    except MailboxLoginError as fault:
        raise NoServer(NO_LOG_IN(host=server.host, problem=_answer(fault))) from fault
    except MailboxFolderSelectError as fault:
        raise NoServer(NO_FOLDER(folder=mailbox.folder, problem=_answer(fault))) from fault
    except ssl.SSLError as fault:
        raise NoServer(unreachable(fault, server)) from fault
    except (OSError, ImapToolsError, imaplib.IMAP4.error, UnicodeError) as fault:
        raise NoServer(unreachable(fault if isinstance(fault, OSError) else OSError(_answer(fault)), server)) from fault


def _session(mailbox: Mailbox) -> BaseMailBox:
    server = mailbox.server
    if server.security == "tls":
        return MailBox(server.host, server.port, timeout=TIMEOUT_S, ssl_context=ssl.create_default_context())
    session = MailBoxUnencrypted(server.host, server.port, timeout=TIMEOUT_S)
    if server.security == "starttls":
        # Not by the library's own class, which leaves the connection open where the server knows no STARTTLS.
        try:
            session.client.starttls(ssl.create_default_context())
        except (OSError, imaplib.IMAP4.error) as fault:
            with suppress(OSError):
                # A handshake that failed has closed the socket already.
                session.client.shutdown()
            raise NoServer(unprotected(fault, server)) from fault
    return session


def _answer(fault: Exception) -> str:
    """What the server answered, without the command."""
    result = getattr(fault, "command_result", None)
    if isinstance(result, tuple) and len(result) > 1 and result[1]:
        last = result[1][-1]
        return said(OSError(last.decode("utf-8", "replace") if isinstance(last, bytes) else str(last)))
    return said(fault)
