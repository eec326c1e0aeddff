"""Where functions and briefs lie, for roles that are granted for one service."""

from __future__ import annotations

from uuid import UUID

from remit.apps.organizations.roles import Place, places
from remit.apps.sourcing.models import Award, Brief, Function


@places("function")
def function_place(key: UUID) -> Place | None:
    """Its service."""
    return _of(Function.objects.filter(id=key).values_list("service", flat=True).first())


@places("brief")
def brief_place(key: UUID) -> Place | None:
    """Its service, once that is answered."""
    return _of(Brief.objects.filter(id=key).values_list("service", flat=True).first())


@places("award")
def award_place(key: UUID) -> Place | None:
    """The service of its brief."""
    return _of(Award.objects.filter(id=key).values_list("terms__service", flat=True).first())


def _of(service: str | None) -> Place | None:
    return Place(service=service) if service else None
