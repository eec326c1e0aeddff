"""Letters to be sent: plain text with the headers that make an answer find its way and keep programs from answering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from remit.formats.mail.servers import shown


@dataclass(frozen=True)
class Letter:
    """A mail before it is written. `key` stands in its Message-ID; `answers`: the Message-ID of the mail that a program answers by it."""

    sender: str
    sender_name: str
    to: str
    to_name: str
    subject: str
    text: str
    key: str
    written_at: datetime
    reply_to: str = ""
    language: str = ""
    answers: str = ""

    @property
    def message_id(self) -> str:
        """With brackets."""
        return f"<{self.key}@{self.sender.rpartition('@')[2]}>"

    def message(self) -> EmailMessage:
        """As it goes over the wire. Raises ValueError where a header cannot be written."""
        made = EmailMessage(policy=SMTP)
        made["From"] = shown(self.sender_name, self.sender)
        made["To"] = shown(self.to_name, self.to)
        made["Subject"] = one_line(self.subject)
        made["Date"] = format_datetime(self.written_at)
        made["Message-ID"] = self.message_id
        if self.reply_to:
            # Without a name: a known name with an address that nobody knows looks like fraud to filters.
            local, _, domain = self.reply_to.rpartition("@")
            made["Reply-To"] = Address("", local, domain)
        if self.answers:
            made["In-Reply-To"] = made["References"] = one_line(self.answers)
        made["Auto-Submitted"] = "auto-replied" if self.answers else "auto-generated"
        made["X-Auto-Response-Suppress"] = "All"
        made.set_content(self.text.replace("\r\n", "\n").rstrip() + "\n", cte="quoted-printable")
        if self.language:
            made["Content-Language"] = one_line(self.language)
        return made


def one_line(text: str) -> str:
    """For a header: what would end its line is a space."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
