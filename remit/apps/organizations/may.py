"""What whoever looks may do here, so that a page shows no button that would be refused for want of a role; the grants are read once a page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from remit.apps.organizations.acting import ACTIONS, Action
from remit.apps.organizations.models import GuestLink
from remit.apps.organizations.roles import Place, covers, granted
from remit.apps.records.context import By


class May:
    """Asks what the action itself asks. In a template `may.add_site` is for what lies nowhere narrower than the organization."""

    def __init__(self, by: By, at: datetime) -> None:
        self.by, self.at = by, at

    @cached_property
    def _grants(self) -> list[Any]:
        return list(granted(self.by, self.at))

    @cached_property
    def roles(self) -> frozenset[str]:
        """Those held, in whatever scope."""
        return frozenset(grant.role for grant in self._grants)

    @cached_property
    def _link(self) -> GuestLink | None:
        return GuestLink.objects.filter(id=self.by.link).first() if self.by.link else None

    def allows(self, action: Action, *touched: Place) -> bool:
        """Whether a role reaches the action here; `touched` are the places of what it is about. Limits and gate are asked only when it is done."""
        if self.by.link is not None:
            about = self._link.about_id if self._link else None
            return self._link is not None and action.name in self._link.acts and bool(touched) and all(about in place.things for place in touched)
        return not action.roles or self.reaches(action.roles, *touched)

    def reaches(self, roles: Collection[str], *touched: Place) -> bool:
        """Whether one of the roles is held where these places lie."""
        return any(grant.role in roles and covers(grant, touched) for grant in self._grants)

    def __getitem__(self, name: str) -> bool:
        return self.allows(ACTIONS[name])


def may(request: HttpRequest) -> May:
    """The one of this request."""
    found: May | None = getattr(request, "_may", None)
    if found is None:
        found = request._may = May(request.by, request.at)  # type: ignore[attr-defined]
    return found
