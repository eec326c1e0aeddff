"""Sessions with an SMTP server, and in words why there is none. Needs neither database nor Django."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from remit.domain.reasons import N_, Reason, Sentence
from remit.formats.mail.servers import Server

NO_HOST = Sentence("mail.no_host", N_("The server {host} is not known by that name."))
NO_ANSWER = Sentence("mail.no_answer", N_("The server {host}, port {port}, did not answer within {seconds} seconds."))
NO_CONNECTION = Sentence("mail.no_connection", N_("The server {host}, port {port}, cannot be reached: {problem}."))
NO_TLS = Sentence("mail.no_tls", N_("The connection to {host}, port {port}, cannot be protected: {problem}."))
NO_TRUST = Sentence(
    "mail.no_trust",
    N_("The certificate of {host}, port {port}, is not trusted: {problem}. If an authority of your own signed it, name its file in SSL_CERT_FILE."),
)
NO_LOG_IN = Sentence("mail.no_log_in", N_("The server {host} does not accept user and password: {problem}."))
REFUSED = Sentence("mail.refused", N_("The server refused it: {problem}."))
UNWRITABLE = Sentence("mail.unwritable", N_("It cannot be written as a mail for this server: {problem}."))

TIMEOUT_S = 20


class NoServer(Exception):
    """The server cannot be used at all just now, whatever the mail."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


@contextmanager
def connected(server: Server) -> Iterator[smtplib.SMTP]:
    """A session ready for mails. Raises NoServer with the reason."""
    try:
        if server.security == "tls":
            session: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        else:
            session = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    except (OSError, smtplib.SMTPException) as fault:
        raise NoServer(unreachable(fault, server)) from fault
    try:
        session.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            _protect(session, server)
        if server.user:
            session.login(server.user, server.password)
    except NoServer:
        session.close()
        raise
    except smtplib.SMTPAuthenticationError as fault:
        session.close()
        raise NoServer(NO_LOG_IN(host=server.host, problem=said(fault))) from fault
    except (OSError, smtplib.SMTPException, UnicodeError) as fault:
        session.close()
        raise NoServer(unreachable(fault, server)) from fault
    try:
        yield session
    finally:
        try:
            session.quit()
        except (OSError, smtplib.SMTPException):
            session.close()


def _protect(session: smtplib.SMTP, server: Server) -> None:
    """Whatever keeps the line from being protected, nothing goes over it."""
    try:
        session.starttls(context=ssl.create_default_context())
    except (OSError, smtplib.SMTPException) as fault:
        raise NoServer(unprotected(fault, server)) from fault


def unprotected(fault: Exception, server: Server) -> Reason:
    """Why a connection cannot be protected, in words; a certificate that is not trusted can be mended on either side."""
    sentence = NO_TRUST if isinstance(fault, ssl.SSLCertVerificationError) else NO_TLS
    return sentence(host=server.host, port=str(server.port), problem=said(fault))


def unreachable(fault: Exception, server: Server) -> Reason:
    """Why there is no connection, in words."""
    match fault:
        case socket.gaierror():
            return NO_HOST(host=server.host)
        case TimeoutError():
            return NO_ANSWER(host=server.host, port=str(server.port), seconds=TIMEOUT_S)
        case ssl.SSLError():
            return unprotected(fault, server)
    return NO_CONNECTION(host=server.host, port=str(server.port), problem=said(fault))


def said(fault: Exception) -> str:
    """What the other side or the system said, on one line; never what was sent."""
    code: int
    text: bytes | str
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(fault.recipients.values()), (0, b""))
    elif isinstance(fault, smtplib.SMTPResponseException):
        code, text = fault.smtp_code, fault.smtp_error
    elif isinstance(fault, ssl.SSLCertVerificationError):
        code, text = 0, fault.verify_message
    else:
        code, text = 0, getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in words).split()).rstrip(".")
    return f"{code} {plain}"[:200] if code > 0 else plain[:200]


def refusal(fault: smtplib.SMTPException) -> tuple[Reason, bool]:
    """Why the server did not take one mail, and whether that is final."""
    match fault:
        case smtplib.SMTPNotSupportedError():
            return UNWRITABLE(problem=said(fault)), True
        case smtplib.SMTPRecipientsRefused():
            return REFUSED(problem=said(fault)), all(code >= 500 for code, _text in fault.recipients.values())
        case smtplib.SMTPSenderRefused():
            # A matter of the settings, which somebody may mend.
            return REFUSED(problem=said(fault)), False
        case smtplib.SMTPResponseException():
            return REFUSED(problem=said(fault)), fault.smtp_code >= 500
    return REFUSED(problem=said(fault)), False
