"""Accepted work that was found wrong, as the page of its item shows it: what was said of it, and what the form offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from remit.apps.organizations.may import may
from remit.apps.work import actions
from remit.apps.work.models import ItemReopening
from remit.apps.work.places import of_item
from remit.apps.work.waiting import Standing
from remit.domain.corrections import CAUSES, FILED, FINDERS
from remit.domain.quality import CATEGORIES


@dataclass(frozen=True)
class Told:
    """A reopening with its codes in words."""

    row: ItemReopening

    @property
    def category(self) -> str:
        return CATEGORIES[self.row.category]

    @property
    def cause(self) -> str:
        return CAUSES[self.row.cause]

    @property
    def finder(self) -> str:
        return FINDERS[self.row.found_by]

    @property
    def filed(self) -> str:
        return FILED.get(self.row.filing, "")


def of_page(request: HttpRequest, found: Standing, is_closed: bool) -> dict[str, Any]:
    """What the part of the page shows; the form where it may be opened again now."""
    item = found.item
    return {
        "reopenings": [Told(row) for row in ItemReopening.objects.filter(item=item).select_related("deliverable").order_by("-reopened_at")],
        "can_reopen": found.is_accepted and not is_closed and may(request).allows(actions.reopen_item, of_item(item)),
        "reopen_choices": {"categories": CATEGORIES, "causes": CAUSES, "finders": FINDERS, "filed": FILED if found.filing is not None else {}},
    }
