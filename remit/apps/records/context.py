"""Who acts and when, set inside each transaction; and the two kinds of transaction: reading and acting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction

from remit.domain.reasons import Reason


@dataclass(frozen=True)
class By:
    """Who acts: the organization always; the log-in, person and membership where there is one; the guest's link; and by which door."""

    organization: UUID
    door: str
    user: UUID | None = None
    person: UUID | None = None
    membership: UUID | None = None
    link: UUID | None = None
    on_behalf_of: UUID | None = None
    name: str = ""
    role: str = ""
    """The role that let the action through; the action sets it."""
    scopes: frozenset[str] | None = None
    """What an API token may do; None: whatever the person may."""
    came: tuple[Reason, ...] = ()
    """How a guest was let in, where the record is to say it: their codes begin with “came.”, and they stand in every entry of what is done."""

    @property
    def principal(self) -> UUID:
        """Whose reading rights count: the link's for a guest, else the organization's."""
        return self.link or self.organization


def set_context(by: By, at: datetime) -> None:
    """Say to the database who acts from here to the end of this transaction."""
    names = ("organization", "principal", "person", "guest", "instant")
    values = (by.organization, by.principal, by.person or "", by.link or "", at.astimezone(UTC).isoformat())
    with connection.cursor() as cursor:
        cursor.execute(
            "select " + ", ".join(f"set_config('remit.{name}', %s, true)" for name in names),
            [str(value) for value in values],
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
