"""What the command palette finds: pages by their names, and one's own things by reference or name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from remit.apps.agreements.models import Agreement, Engagement
from remit.apps.organizations.models import Entity, Membership, RateCard
from remit.apps.organizations.views.organization import TABS
from remit.apps.people.models import Person
from remit.apps.sourcing.models import Brief, Function
from remit.apps.work.models import Answer, DeliverableFile, ItemFile, Period, Request, StandingInstruction, WorkItem
from remit.front.menu import ENTRIES

MOST, OF_A_KIND = 12, 5
LEAST = 3
"""Letters from which on file names, questions and answers are searched."""
REFERENCE = re.compile(r"[A-Z]{2}-?[0-9A-Z-]{0,9}")


def found(request: HttpRequest, words: str) -> list[dict[str, str]]:
    """[{text, hint, href}]: pages first, then things; only what the acting organization may read, and of it what has a page here."""
    reference = request.resolver_match.kwargs["organization"]  # type: ignore[union-attr]
    typed = " ".join(words.replace("\0", " ").split()).casefold()

    def address(name: str, *arguments: object) -> str:
        return reverse(name, args=[reference, *arguments])

    pages = {str(text): name for name, text in [*((name, text) for name, _icon, text in ENTRIES), *TABS]} | {_("What the market sees"): "profiles"}
    rows = [{"text": text, "hint": _("page"), "href": address(name)} for text, name in pages.items() if _begins(text, typed)]
    if len(typed) >= 2:
        rows += [{"text": text, "hint": hint, "href": address(name, key)} for text, hint, name, key in _things(request, typed)]
    if len(typed) >= LEAST and len(rows) < MOST:
        rows += [{"text": text, "hint": hint, "href": address("item", key) + part} for text, hint, key, part in _written(typed)]
    return rows[:MOST]


def _begins(text: str, typed: str) -> bool:
    """Whether the text, or a word in it, begins so."""
    text = text.casefold()
    return text.startswith(typed) or any(word.startswith(typed) for word in text.split())


def _things(request: HttpRequest, typed: str) -> Iterator[tuple[str, str, str, object]]:
    """(text, hint, page, key) of each; asks only the kind that a reference names, or else those that have names."""
    by = request.by  # type: ignore[attr-defined]
    named = typed.upper() if REFERENCE.fullmatch(typed.upper()) else ""
    for prefix, rows, names, page, hint in _kinds(by.organization, request.at):  # type: ignore[attr-defined]
        asked = Q(reference__startswith=named) if named.startswith(f"{prefix}-") else _named(typed, names)
        if named.startswith(f"{prefix}-") or (names and not re.match(r"[A-Z]{2}-", named)):
            for row in rows.filter(asked)[:OF_A_KIND]:
                yield _said(row), f"{hint} · {row.reference}", page, row.reference


def _kinds(mine: UUID, at: Any) -> list[tuple[str, QuerySet[Any], tuple[str, ...], str, str]]:
    """(prefix, one's own rows, fields with names, page, hint) of each kind of thing that has a page."""
    here = Membership.objects.filter(Q(until=None) | Q(until__gt=at), organization=mine, person_id__isnull=False)
    return [
        ("BR", Brief.objects.filter(organization=mine).order_by("-created_at"), ("title",), "brief", _("brief")),
        ("FN", Function.objects.order_by("-created_at"), ("name",), "function", _("function")),
        ("PE", Person.objects.filter(id__in=here.values("person_id")).order_by("name"), ("name",), "person", _("person")),
        ("EN", Entity.objects.order_by("name"), ("name",), "entity", _("entity")),
        ("RC", RateCard.objects.filter(organization=mine).order_by("-valid_from"), ("series",), "card", _("rate card")),
        (
            "AG",
            Agreement.objects.select_related("client", "provider").order_by("-drafted_at"),
            ("client__name", "provider__name"),
            "agreement",
            _("agreement"),
        ),
        (
            "EG",
            Engagement.objects.select_related("client", "provider").order_by("-started_at"),
            ("client__name", "provider__name"),
            "engagement",
            _("engagement"),
        ),
        ("PR", Period.objects.select_related("entity").order_by("-begins_on"), (), "period", _("month")),
        ("WI", WorkItem.objects.select_related("period__entity").order_by("-created_at"), (), "item", _("work item")),
    ]


def _written(typed: str) -> Iterator[tuple[str, str, str, str]]:
    """(text, hint, item, part of its page): papers and deliverables by file name, questions and answers by their words; the newest first."""
    kept = ItemFile.objects.filter(superseded_at=None).order_by("-brought_at")
    made = DeliverableFile.objects.filter(deliverable__readers=[]).order_by("-deliverable__made_at")
    instructed = StandingInstruction.objects.filter(answer__isnull=False).order_by("-said_at")
    kinds: tuple[tuple[QuerySet[Any], str, str, str, str], ...] = (
        (kept, "name", "item", "#papers", _("paper")),
        (made, "name", "deliverable__item", "#deliverables", _("deliverable")),
        (Request.objects.order_by("-asked_at"), "question", "item", "#requests", _("question")),
        (Answer.objects.order_by("-answered_at"), "text", "request__item", "#requests", _("answer")),
        (instructed, "text", "answer__request__item", "#requests", _("standing instruction")),
    )
    for rows, field, through, part, hint in kinds:
        for text, reference in rows.filter(**{f"{field}__icontains": typed}).values_list(field, f"{through}__reference")[:OF_A_KIND]:
            yield (text if field == "name" else _around(text, typed)), f"{hint} · {reference}", reference, part


def _around(text: str, typed: str) -> str:
    """The words around what was typed."""
    flat = " ".join(text.split())
    at = max(0, flat.casefold().find(typed) - 20)
    return ("… " if at else "") + flat[at : at + 80] + ("…" if len(flat) > at + 80 else "")


def _named(typed: str, names: tuple[str, ...]) -> Q:
    asked = Q()
    for name in names:
        asked |= Q(**{f"{name}__istartswith": typed}) | Q(**{f"{name}__icontains": f" {typed}"})
    return asked


def _said(row: Any) -> str:
    match row:
        case Agreement() | Engagement():
            return f"{row.client.name} · {row.provider.name}"
        case Period():
            return f"{row.title()}"
        case WorkItem():
            return f"{row.period.title()}"
        case RateCard():
            return str(row.series)
        case Brief():
            return str(row.title)
    return str(row.name)


def palette(request: HttpRequest, organization: str) -> JsonResponse:
    """Pages and things whose words begin with what was typed; only one's own."""
    return JsonResponse(found(request, request.GET.get("q", "")[:80]), safe=False)
