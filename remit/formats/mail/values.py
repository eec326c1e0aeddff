"""What a mail that came in is, once it is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Attachment:
    """A file of a mail; its name is as the sender wrote it, without folders."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Bounce:
    """A mail came back, or (`is_final` False) has not arrived yet. `status`: RFC 3463, such as 5.1.1; `says`: what the other server wrote."""

    is_final: bool
    recipients: tuple[str, ...]
    status: str = ""
    says: str = ""


@dataclass(frozen=True)
class Checked:
    """What the receiving server found of the sender (RFC 8601): each is pass, fail, none or the like; empty where it says nothing."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""

    @property
    def failed(self) -> bool:
        """The domain of the sender disowns the mail."""
        return self.dmarc == "fail"


@dataclass(frozen=True)
class Incoming:
    """A mail that came in. `keys`: what may be keys of mails that it answers, the most telling first; `text`: without what it quotes.

    `automatic`: why it is taken for the answer of a program, empty for a person's. `left_out`: kinds of parts that were not read (winmail.dat, encrypted).
    `checked` is None where no server that is trusted said anything.
    """

    sender: str
    sender_name: str
    subject: str
    message_id: str
    keys: tuple[str, ...]
    text: str = ""
    files: tuple[Attachment, ...] = ()
    bounce: Bounce | None = None
    automatic: str = ""
    checked: Checked | None = None
    left_out: tuple[str, ...] = ()
    has_many_senders: bool = False
    """More than one From: whose it is cannot be told."""
