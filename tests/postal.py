"""Real mail servers for tests, on the loopback alone: an SMTP server that takes or refuses, an IMAP server that keeps, and the way between them."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import quote

from imap_tools import MailBoxStartTls, MailBoxUnencrypted

from remit.formats.mail.servers import Security
from tests.between import between
from tests.certificates import HOST

ROOT = Path(__file__).resolve().parents[1]
REMIT = "remit@post.example"
PASSWORD = "p@ss/w:rd"
AUTHSERV = "mx.post.example"


@dataclass
class Post:
    """Both servers. What is sent to the mailbox's address (with or without a plus) lies in it at once; the rest stands in `out`."""

    smtp_port: int
    imap_port: int
    folder: Path
    security: Security = "none"
    own_port: int = 0
    """Of the mailbox for sessions of our own, which prove nothing about certificates."""

    def wish(self, *, refuses: dict[str, str] | None = None, slow_s: float = 0) -> None:
        """How the SMTP server answers RCPT, by address; and how long it takes over a mail."""
        draft = self.folder / "wishes.part"
        draft.write_text(json.dumps({"refuses": refuses or {}, "slow_s": slow_s}))
        draft.rename(self.folder / "wishes.json")

    @property
    def mail_url(self) -> str:
        """As REMIT_MAIL_URL."""
        return self._url("smtp", f"{HOST}:{self.smtp_port}")

    @property
    def mailbox_url(self) -> str:
        """As REMIT_MAILBOX_URL."""
        return self._url("imap", f"{HOST}:{self.imap_port}/INBOX")

    def _url(self, scheme: str, place: str) -> str:
        secure, query = {"tls": ("s", ""), "starttls": ("", ""), "none": ("", "?tls=none")}[self.security]
        return f"{scheme}{secure}://{quote(REMIT)}:{quote(PASSWORD, safe='')}@{place}{query}"

    def mailbox(self) -> AbstractContextManager[MailBoxUnencrypted | MailBoxStartTls]:
        """A session of our own."""
        return signed_in(self.own_port, self.security)

    def deliver(self, message: Message | bytes) -> None:
        """Put a mail into the mailbox."""
        with self.mailbox() as box:
            box.append(message if isinstance(message, bytes) else message.as_bytes(), "INBOX")

    def lying(self, folder: str = "INBOX") -> int:
        """How many mails lie in a folder."""
        with self.mailbox() as box:
            return int(box.folder.status(folder)["MESSAGES"]) if box.folder.exists(folder) else 0

    def taken(self) -> list[EmailMessage]:
        """What was sent since the last call."""
        found = []
        for file in sorted(self.folder.glob("*.eml")):
            made = message_from_bytes(file.read_bytes(), policy=default)
            assert isinstance(made, EmailMessage)
            found.append(made)
            file.unlink()
        return found


class Handler:
    """What the SMTP server does with a mail: mails to the mailbox are put there, all are written into the folder."""

    def __init__(self, folder: Path, imap_port: int, security: Security) -> None:
        self.folder, self.imap_port, self.security, self.count = folder, imap_port, security, 0

    def told(self) -> dict[str, Any]:
        """What the test wants of it."""
        said: dict[str, Any] = json.loads((self.folder / "wishes.json").read_text())
        return said

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if refusal := self.told()["refuses"].get(address):
            return str(refusal)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.told()["slow_s"])
        local, _, domain = REMIT.partition("@")
        if any(re.fullmatch(rf"{local}(\+[^@]+)?@{domain}", address) for address in envelope.rcpt_tos):
            with signed_in(self.imap_port, self.security) as box:
                box.append(envelope.content, "INBOX")
        self.count += 1
        draft = self.folder / f"{self.count:05d}.part"
        draft.write_bytes(envelope.content)
        draft.rename(draft.with_suffix(".eml"))
        return "250 Taken"


def serve(port: int, folder: Path, imap_port: int, security: Security, certificate: str) -> None:
    """The SMTP server, for ever: a program of its own, since its loop must not be ours."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult

    def may(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login.decode(), data.password.decode()) == (REMIT, PASSWORD), handled=False)

    protected: dict[str, Any] = {"auth_require_tls": security == "starttls"}
    if security != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        protected |= {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    Controller(Handler(folder, imap_port, security), HOST, port, authenticator=may, auth_required=True, **protected).start()
    threading.Event().wait()


@contextmanager
def signed_in(port: int, security: Security) -> Iterator[MailBoxUnencrypted | MailBoxStartTls]:
    """A session with the mailbox. Before the server that knows no TLS stands one that ends it; behind that one there is none."""
    if security == "starttls":
        session: MailBoxUnencrypted | MailBoxStartTls = MailBoxStartTls(HOST, port=port, timeout=10, ssl_context=ssl._create_unverified_context())
    else:
        session = MailBoxUnencrypted(HOST, port=port, timeout=10)
    with session.login(REMIT, PASSWORD) as box:
        yield box


@contextmanager
def servers(folder: Path, security: Security = "none", certificate: Path | None = None) -> Iterator[Post]:
    """Both, until they are left; the folder is empty and theirs alone. `certificate`: a file with the key, where TLS is spoken."""
    own_port = free()
    post = Post(free(), free() if security == "tls" else own_port, folder, security, own_port)
    post.wish()
    protected = ["--cert", str(certificate), "--key", str(certificate)] if security == "starttls" else ["--no-tls"]
    options = ["--host", HOST, "--port", str(own_port), *protected, "--no-service", "admin", "dict"]
    imap = ["-c", "from pymap.main import main; main()", *options, "--demo-user", REMIT, "--demo-password", PASSWORD]
    smtp = ["-m", "tests.postal", str(post.smtp_port), str(folder), str(own_port), security, str(certificate or "")]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen([sys.executable, *command], cwd=ROOT, **quiet) for command in (imap, smtp)]  # type: ignore[call-overload]
    try:
        with ExitStack() as fronts:
            await_port(own_port)
            await_port(post.smtp_port)
            if security == "tls":
                fronts.enter_context(between(own_port, post.imap_port, certificate))
            yield post
    finally:
        for process in running:
            process.terminate()
            process.wait(10)


def free() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_port(port: int) -> None:
    """Until somebody listens."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(port)


def answer(to: EmailMessage, sender: str, text: str, *files: tuple[str, bytes], plus: bool = True, **headers: str) -> EmailMessage:
    """What a person's program sends who presses Reply: the quote below, the files attached."""
    made = EmailMessage(policy=default)
    made["From"] = sender
    made["To"] = str(to["Reply-To"]) if plus else REMIT
    made["Subject"] = f"Re: {to['Subject']}"
    made["Message-ID"] = make_msgid(domain="books.example")
    made["In-Reply-To"] = made["References"] = str(to["Message-ID"])
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    quoted = "\n".join(f"> {line}" for line in to.get_content().splitlines())
    made.set_content(f"{text}\n\nAm 3. November 2026 um 08:12 schrieb Halden <{REMIT}>:\n\n{quoted}\n")
    for name, content in files:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made


def came_back(sent: EmailMessage, status: str = "5.1.1", action: str = "failed", says: str = "550 5.1.1 No such user here") -> bytes:
    """The report on a delivery that failed, as a mail server writes it (RFC 3464)."""
    head = "".join(f"{name}: {value}\n" for name, value in sent.items() if name.lower() in ("from", "to", "subject", "message-id", "date"))
    return (
        f"Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: {REMIT}\nSubject: Undelivered\nMessage-ID: {make_msgid()}\n"
        "MIME-Version: 1.0\nAuto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nSorry.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {sent['To']}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {says}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\n{head}\n--b--\n"
    ).encode()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:6])  # type: ignore[arg-type]
