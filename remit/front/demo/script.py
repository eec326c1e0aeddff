"""A script of actions under its own clock. Each carries an idempotency key, so that a script cut off goes on where it was."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from remit.apps.organizations.acting import Action, Done, Refused
from remit.apps.organizations.actions import add_member
from remit.apps.organizations.founding import found, new_user
from remit.apps.organizations.models import Site, User
from remit.apps.records import clock
from remit.apps.records.context import By, reading, writing
from remit.apps.records.keys import uuid7
from remit.apps.work.models import GivenPack
from remit.front import jobs
from remit.front.seats import seats

PLACED_WITHIN_S = 30.0


class ScriptFailed(Exception):
    """An action of the script was refused; the text says which and why."""


class Script:
    """Does actions in order; its clock moves a few minutes with each, and by `on` to a day and hour (UTC)."""

    def __init__(self, begins: datetime) -> None:
        self.now = begins
        self.count = 0

    def on(self, day: str, hour: str = "08:00") -> None:
        """Move on to an instant; never back."""
        self.now = max(self.now, datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=UTC))
        clock.set_to(self.now)

    def do(self, by: By, action: Action, *, refused: bool = False, **values: Any) -> Done:
        """One action by its plain values. Anything but the outcome expected ends the script."""
        self.now += timedelta(minutes=3)
        self.count += 1
        result = action(by=by, at=self.now, key=f"demo-{self.count}-{action.name}", **action.parse(values))
        if isinstance(result, Refused) != refused:
            said = [reason.code for reason in result.reasons] if isinstance(result, Refused) else "done"
            raise ScriptFailed(f"{action.name}: {said}")
        return result if isinstance(result, Done) else Done("refusal", result.entry, "", result.entry)

    def found(self, name: str, email: str, person: str, **organization: Any) -> By:
        """An organization with its first member, unless it was founded before."""
        user = User.objects.filter(email=email).first()
        if user is None:
            by = By(organization=uuid7(), door="command", membership=uuid7(), name=person)
            with writing(by, self.now):
                user = new_user(email, None, person)
                found(replace(by, user=user.id), self.now, name=name, user=user, **organization)
        return self.seat(email)

    def member(self, admin: By, email: str, name: str, roles: list[str], person: UUID | None = None) -> By:
        """A further member of the acting organization."""
        # With a password nobody is written to; in the demonstration people come in by a click.
        self.do(admin, add_member, email=email, name=name, roles=roles, password=f"a demonstration for {name}", person=str(person) if person else None)
        return self.seat(email)

    def seat(self, email: str) -> By:
        """The acting values of a log-in that has one organization."""
        user = User.objects.get(email=email)
        seat = seats(user.id, self.now + timedelta(days=1))[0]
        return seat.by("command", user.id)

    def site(self, by: By, name: str) -> UUID:
        """The key of a site of the acting organization."""
        key: UUID = one(Site, by, self.now, organization=by.organization, name=name).id
        return key

    def sealed(self, by: By, period: UUID, packs: int = 1) -> None:
        """Wait until the sequencer has signed and the closed period is sealed and its pack given, so that it has as many packs."""
        until = time.monotonic() + PLACED_WITHIN_S
        while time.monotonic() < until:
            self.now += timedelta(seconds=1)
            clock.set_to(self.now)
            jobs.seal_what_is_closed()
            with reading(by, self.now):
                if GivenPack.objects.filter(sealing__closing__period=period).count() >= packs:
                    return
            time.sleep(0.05)
        raise ScriptFailed("the sequencer did not sign in time: is it running?")


def one(model: Any, by: By, at: datetime, **fields: Any) -> Any:
    """The one row of a model that answers, as `by` sees it."""
    with reading(by, at):
        return model.objects.get(**fields)
