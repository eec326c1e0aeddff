"""Where the answer to a mail lands: each app says what a guest can do about its things by answering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from remit.apps.organizations.acting import ACTIONS, BadInput, Busy, Done, Upload
from remit.apps.records.context import By
from remit.apps.records.models import Once
from remit.domain.reasons import Reason


@dataclass(frozen=True)
class Reply:
    """A guest's answer by mail. `asked`: the text of the mail that is answered; `key` names the answer, so that it lands once however often it is handled."""

    by: By
    at: datetime
    about: UUID
    acts: tuple[str, ...]
    asked: str
    text: str
    files: tuple[Upload, ...]
    key: str

    def act(self, name: str, part: str, **given: object) -> Done | tuple[Reason, ...]:
        """One action as the guest; the reasons where it was refused or could not take the input. `part` names it among those of one answer. Raises Busy."""
        action = ACTIONS[name]
        try:
            result = action(by=self.by, at=self.at, key=f"{self._prefix}{part}", **action.parse(given))
        except Busy:
            raise
        except BadInput as bad:
            return tuple(reason for reasons in bad.errors.values() for reason in reasons)
        return result if isinstance(result, Done) else result.reasons

    def done(self) -> set[str]:
        """The parts that were done already: by a process that ended in the midst of it. In a transaction of the guest's."""
        keys = Once.objects.filter(actor=self.by.link, key__startswith=self._prefix).values_list("key", flat=True)
        return {key.removeprefix(self._prefix) for key in keys}

    @property
    def _prefix(self) -> str:
        return f"mail:{self.key}:"


@dataclass(frozen=True)
class Landed:
    """What became of an answer: what was taken, what was not and why, and what is worth knowing besides."""

    taken: tuple[Reason, ...] = ()
    faults: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()


LANDINGS: dict[str, Callable[[Reply], Landed]] = {}
"""By kind of thing that guests are invited to. A kind without one takes no answers by mail."""


def lands(kind: str) -> Callable[[Callable[[Reply], Landed]], Callable[[Reply], Landed]]:
    """Make a function the way in which answers to mails about things of that kind land. It is called outside any transaction."""

    def register(land: Callable[[Reply], Landed]) -> Callable[[Reply], Landed]:
        LANDINGS[kind] = land
        return land

    return register
