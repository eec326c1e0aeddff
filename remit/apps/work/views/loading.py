"""What pages find by the reference in their address; what is not to be seen is not found."""

from __future__ import annotations

from django.http import HttpRequest

from remit.apps.organizations.acting import NotFound
from remit.apps.work.models import Period, WorkItem
from remit.apps.work.waiting import Standing, standing, with_standing


def item(request: HttpRequest, reference: str) -> Standing:
    """The item of that reference, where it stands."""
    found = with_standing(WorkItem.objects.filter(reference=reference)).first()
    if found is None:
        raise NotFound(reference)
    return standing(found)


def period(request: HttpRequest, reference: str) -> Period:
    """The period of that reference."""
    found = Period.objects.select_related("engagement__agreement", "engagement__client", "engagement__provider", "entity").filter(reference=reference).first()
    if found is None:
        raise NotFound(reference)
    return found
