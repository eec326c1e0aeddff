"""Shortlists: who passes, in which order and why, who is out and why; and the award."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from remit.apps.organizations import door
from remit.apps.organizations.acting import ACTIONS
from remit.apps.organizations.may import may
from remit.apps.organizations.roles import Place
from remit.apps.people.gate import parts
from remit.apps.records.context import reading
from remit.apps.sourcing import actions, asking, brokers
from remit.apps.sourcing.models import Assessment, Award, Brief, Shortlist
from remit.apps.sourcing.views import candidates
from remit.apps.sourcing.views.briefs import found_brief, is_brokered, read_brief, steps
from remit.domain import brief as briefs_of
from remit.domain.reasons import Reason
from remit.formats.words import Words
from remit.lines import lines

Errors = Mapping[str, tuple[Reason, ...]]


@require_safe
def shortlists(request: HttpRequest, organization: str) -> HttpResponse:
    """Each complete brief with its newest shortlist, and what was awarded."""
    by = request.by  # type: ignore[attr-defined]
    newest = Shortlist.objects.filter(brief=OuterRef("pk")).order_by("-found_at", "-id").values("id")[:1]
    awards = Prefetch("awards", Award.objects.select_related("provider"), to_attr="won")
    found = list(
        Brief.objects.filter(Q(organization=by.organization) | brokers.brokered(by, request.at), completed_at__isnull=False)  # type: ignore[attr-defined]
        .annotate(newest=Subquery(newest))
        .prefetch_related(awards)
        .order_by("-created_at")
    )
    drawn = Shortlist.objects.in_bulk([brief.newest for brief in found if brief.newest])
    rows = [_listed(brief, drawn.get(brief.newest)) for brief in found]
    return render(request, "sourcing/shortlists.html", {"rows": rows})


def _listed(brief: Any, drawn: Shortlist | None) -> dict[str, Any]:
    passing = sorted((row for row in drawn.candidates if row["passes"]), key=lambda row: row["rank"]) if drawn else []
    return {
        "brief": brief,
        "service": lines()[brief.service].says,
        "drawn": drawn,
        "passing": passing,
        "out": len(drawn.candidates) - len(passing) if drawn else 0,
        "is_stale": drawn is not None and drawn.brief_version != brief.version,
        "award": brief.won[0] if brief.won else None,
    }


@require_safe
def shortlist(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """The newest shortlist of a brief."""
    return _page(request, reference)


@require_POST
def draw(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Draw it, now."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = found_brief(request, reference)
    return door.perform(request, actions.draw_shortlist, {"brief": str(found.id)}, then=door.at(request, "shortlist", reference))


@require_POST
def award(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Award the brief, with the reason."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = found_brief(request, reference)
    return door.perform(
        request,
        actions.award_brief,
        door.given(request, brief=str(found.id)),
        then=door.at(request, "shortlist", reference),
        again=lambda errors: _page(request, reference, errors),
        says=_("Awarded. The provider sees the terms of the brief now; draft the agreement next."),
    )


def _page(request: HttpRequest, reference: str, errors: Errors | None = None) -> HttpResponse:
    words = Words(get_language() or "en")
    found = read_brief(request, reference)
    brokered = is_brokered(request, found)
    plain = found.plain()
    won = Award.objects.filter(brief=found).select_related("provider", "choice").first()
    drawn = found.shortlists.order_by("-found_at", "-id").first()
    sort = request.GET.get("sort", "score")
    states, urls = steps(request, found, won)
    here, place = may(request), Place(service=found.service)
    is_open = not brokered and (won is not None or not found.is_awarded)
    context: dict[str, Any] = {
        "brief": found,
        "brokered_for": found.organization if brokered else None,
        "may_draw": is_open and here.allows(actions.draw_shortlist, place),
        "may_award": is_open and here.allows(actions.award_brief, place),
        "may_draft": not brokered and here.allows(ACTIONS["draft_agreement"], place),
        "service": lines().get(found.service),
        "missing": [] if found.completed_at else briefs_of.missing(lines().get(found.service), plain, parts(found.country)),
        "award": won,
        "agreement": _agreement(won),
        "drawn": drawn,
        "is_stale": drawn is not None and drawn.brief_version != found.version,
        "asked": _asked(found, words),
        "keeps": _keeps(found),
        "sorts": candidates.SORTS,
        "sort": sort,
        "errors": door.sentences(errors) if errors else {},
        "posted": request.POST,
        "states": states,
        "urls": urls,
    }
    if drawn is not None:
        passing, out = candidates.rows(drawn, plain, words, sort)
        context |= {"passing": passing, "out": out, "scatter": candidates.scatter(passing, words), "turns": candidates.turns(drawn), "method": drawn.method}
    return render(request, "sourcing/shortlist.html", context)


def _agreement(won: Award | None) -> Any:
    """The agreement that was drafted from the award, by the relation that the later stage lays on it."""
    return won.agreements.order_by("drafted_at").first() if won else None


def _asked(found: Brief, words: Words) -> list[str]:
    """The answers that decide who passes, in words."""
    shown = ("level", "language", "language_level", "shared_min", "hours_a_month", "confidentiality", "start", "inhouse_cost_year")
    return [f"{words.text(row.question.says)}: {row.said}" for row in asking.questions(found, {}, words) if row.question.code in shown and row.said]


def _keeps(found: Brief) -> list[str]:
    """Tasks that stay in the house, by the newest assessment."""
    assessed = Assessment.objects.filter(function=found.function).order_by("-assessed_at", "-id").first() if found.function_id else None
    return [task["says"] for task in assessed.tasks if task["class"] == "keep"] if assessed else []
