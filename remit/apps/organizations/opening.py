"""What a grant opens of personal matters is written into the logs that it opens, where everybody who reads them finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from remit.apps.organizations.acting import decide
from remit.apps.organizations.models import Grant
from remit.apps.records.context import Away, By, set_context
from remit.apps.records.keys import Row
from remit.apps.records.models import Audience, Reader

REACHED: list[Callable[[Grant], QuerySet[Audience]]] = []
"""How to find the audiences that a grant reaches; an app above this one adds it."""


def opened_by(reader: UUID, by: By, at: datetime, kind: str, about: Row, private: Mapping[str, str] | None = None, within: Grant | None = None) -> list[UUID]:
    """Append the decision to the logs of personal matters that a membership or a deputy reads from now or later on; gives those logs.

    `within`: of those only what this grant reaches. Whoever grants need not read them: they are found and written to by the rights of whoever is granted,
    and no further than this entry.
    """
    theirs = replace(by, scoped=True, on_behalf_of=Away(deputy=reader, membership=reader))
    opened: list[UUID] = []
    try:
        set_context(theirs, at)
        rows = list(Reader.objects.filter(Q(until=None) | Q(until__gt=at), principal=reader).values_list("audience", "since"))
        # What is granted from a later day on is told now, too.
        for begins in sorted({max(since, at) for _audience, since in rows}):
            set_context(theirs, begins)
            read = [audience for audience, since in rows if max(since, at) == begins and audience not in opened]
            found = list(Audience.objects.filter(id__in=read, personal=True).values_list("id", flat=True))
            found = found if within is None else [audience for audience in found if _is_reached(within, audience)]
            if found:
                decide(by, at, kind, about, audiences=found, private=private)
            opened += found
    finally:
        set_context(by, at)
    return opened


def _is_reached(grant: Grant, audience: UUID) -> bool:
    return any(find(grant).filter(id=audience).exists() for find in REACHED)
