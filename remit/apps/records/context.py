"""Who acts and when, set inside each transaction; and the two kinds of transaction: reading and acting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction

from remit.domain.reasons import Reason


@dataclass(frozen=True)
class Factor:
    """By what a log-in was proven, and when (by the real clock): totp, passkey, recovery_code, password or oidc."""

    how: str
    at: datetime

    @property
    def is_second(self) -> bool:
        """More than what is typed in anew: something that the holder has."""
        return self.how in ("totp", "passkey", "recovery_code")


@dataclass(frozen=True)
class Away:
    """For whom a deputy acts: the deputy's row, and whose grants count meanwhile."""

    deputy: UUID
    membership: UUID
    user: UUID | None = None
    person: UUID | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    """Of their roles those that the deputy has; none named: all."""


@dataclass(frozen=True)
class By:
    """Who acts: the organization always; the log-in, person and membership where there is one; the guest's link; and by which door."""

    organization: UUID
    door: str
    user: UUID | None = None
    person: UUID | None = None
    membership: UUID | None = None
    link: UUID | None = None
    scoped: bool = False
    """Nothing is granted for the whole organization: what may be read follows from what is."""
    on_behalf_of: Away | None = None
    name: str = ""
    role: str = ""
    """The role that let the action through; the action sets it."""
    scopes: frozenset[str] | None = None
    """What an API token may do; None: whatever the person may."""
    came: tuple[Reason, ...] = ()
    """How a guest was let in, where the record is to say it: their codes begin with “came.”, and they stand in every entry of what is done."""
    factor: Factor | None = None
    """By what the log-in was last proven, where the door knows."""
    code: str = field(default="", repr=False)
    """A one-time code that the door was handed, not looked at yet."""

    @property
    def principal(self) -> UUID:
        """Whose reading rights count: the link's for a guest, the member's own where they are scoped, else the organization's."""
        return self.link or (self.reader if self.scoped and self.reader else self.organization)

    @property
    def holder(self) -> UUID | None:
        """Whose grants count: the member's own, or those of whoever they act for."""
        return self.on_behalf_of.membership if self.on_behalf_of else self.membership

    def may_use(self, role: str) -> bool:
        """Whether a role of the holder's counts: a deputy may have been given only some."""
        return self.on_behalf_of is None or not self.on_behalf_of.roles or role in self.on_behalf_of.roles

    @property
    def reader(self) -> UUID | None:
        """Whose reading rights count beside them: the membership's, or the deputy's while somebody acts for another."""
        return self.on_behalf_of.deputy if self.on_behalf_of else self.membership


def set_context(by: By, at: datetime) -> None:
    """Say to the database who acts from here to the end of this transaction."""
    values = {
        "organization": by.organization,
        "principal": by.principal,
        "membership": by.reader or "",
        "scoped": "1" if by.scoped else "",
        "job": "1" if by.door == "job" else "",
        "person": by.person or "",
        "guest": by.link or "",
        "instant": at.astimezone(UTC).isoformat(),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "select " + ", ".join(f"set_config('remit.{name}', %s, true)" for name in values),
            [str(value) for value in values.values()],
        )


@contextmanager
def reading(by: By, at: datetime) -> Iterator[None]:
    """One read transaction: everything read inside is of one moment, and nothing can be written."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read read only")
        set_context(by, at)
        yield


@contextmanager
def writing(by: By, at: datetime) -> Iterator[None]:
    """One write transaction in the name of `by`; durable: never inside another."""
    with transaction.atomic(durable=True):
        set_context(by, at)
        yield
