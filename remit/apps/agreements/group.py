"""Which entities a page may be narrowed to: those under the agreements that its reader sees."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from remit.apps.agreements.models import AgreedEntity


@dataclass(frozen=True)
class Switch:
    """All entities, or the one chosen; `options`: (key, name) in the order of names."""

    options: tuple[tuple[UUID, str], ...]
    chosen: UUID | None
    is_unknown: bool = False
    """Whether one was asked for that is none of them."""

    @property
    def name(self) -> str:
        """Of the one chosen."""
        return dict(self.options)[self.chosen] if self.chosen else ""

    @property
    def address(self) -> str:
        """What an address carries on; empty where all are shown."""
        return f"&entity={self.chosen}" if self.chosen else ""


def switch(request: HttpRequest) -> Switch:
    """From `?entity=`; what names none of them shows all, and the page says so."""
    named = dict(AgreedEntity.objects.order_by("name").values_list("entity_id", "name"))
    options = tuple(sorted(named.items(), key=lambda pair: pair[1]))
    asked = request.GET.get("entity", "")
    chosen = next((key for key, _name in options if str(key) == asked), None)
    return Switch(options, chosen, is_unknown=bool(asked) and chosen is None)
