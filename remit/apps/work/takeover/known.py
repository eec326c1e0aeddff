"""What is here already, as the plan needs it, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower

from remit.apps.agreements.models import Agreement, Engagement, TakenOver
from remit.apps.organizations.guests import is_enrolled
from remit.apps.organizations.models import Organization
from remit.apps.people.importing import known_people, known_sites
from remit.apps.records.context import By
from remit.apps.work.takeover.reading import Read
from remit.domain.takeover import Known, plain
from remit.domain.takeover.plan import ClientKnown


def known(by: By, at: datetime, read: Read) -> Known:
    """Of the acting organization, for what was brought."""
    rows = [row for sheet in read.sheets for row in sheet.calendar]
    works_for = [each for sheet in read.sheets for person in sheet.people for each in person.does]
    return Known(
        me=by.organization,
        people=known_people(by, at),
        sites=known_sites(by),
        clients=_clients(
            by, at, {row.client for row in rows} | {each.client for each in works_for}, {row.client_reference for row in rows if row.client_reference}
        ),
        running=_running(by, at),
    )


def _clients(by: By, at: datetime, names: Iterable[str], references: set[str]) -> tuple[ClientKnown, ...]:
    """The organizations that the sheets name, by reference or by name."""
    ours = set(Agreement.objects.filter(provider=by.organization).values_list("client", flat=True))
    wanted = {plain(name) for name in names}
    found = Organization.objects.alias(lower=Lower("name")).filter(Q(reference__in=references) | Q(lower__in=wanted | {name.lower() for name in names}))
    return tuple(
        ClientKnown(key=row.pk, reference=row.reference, name=row.name, is_enrolled=is_enrolled(row.pk, at), ours=row.pk in ours)
        for row in found.order_by("reference")
    )


def _running(by: By, at: datetime) -> dict[tuple[UUID, str], str]:
    """By client and service: what the sheets said when it was taken over; nothing where it began here."""
    running = Engagement.objects.filter(Q(ends_on=None) | Q(ends_on__gt=at.date()), provider=by.organization)
    found = dict.fromkeys(running.values_list("client", "agreement__service"), "")
    taken = TakenOver.objects.filter(agreement__provider=by.organization).values_list("agreement__client", "agreement__service", "fingerprint")
    return found | {(client, service): print_ for client, service, print_ in taken}


def engagements_by_client(by: By) -> dict[str, list[UUID]]:
    """Keys of the engagements that run for each client, by the client's name as compared."""
    found: dict[str, list[UUID]] = {}
    for name, key in Engagement.objects.filter(provider=by.organization).values_list("client__name", "id"):
        found.setdefault(plain(name), []).append(key)
    return found
