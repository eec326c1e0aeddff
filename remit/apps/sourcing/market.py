"""What the market offers for a brief: designations, cards and profiles, read in a few queries and judged by the domain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q

from remit.apps.organizations.models import CardLine, Designation, RateCard
from remit.apps.people.gate import rule_sets
from remit.apps.people.models import Profile
from remit.apps.sourcing.kept import reason_row
from remit.apps.sourcing.models import Brief
from remit.domain import selection
from remit.domain.ranking import Criterion
from remit.lines import lines


def shortlist(brief: Brief, at: datetime, criteria: Sequence[Criterion] = selection.CRITERIA, only: UUID | None = None) -> selection.Shortlist:
    """The offers for the brief's service and country, judged at an instant; `only` those of one provider."""
    found = offers(brief, at, only)
    return selection.shortlist(lines()[brief.service], brief.plain(), str(brief.organization_id), found, at, rule_sets(), criteria)


def offers(brief: Brief, at: datetime, only: UUID | None = None) -> list[selection.Offer]:
    """Every designation in force with its card of the day and the profiles shown; four queries, however many providers. Nobody is offered to itself."""
    in_force = Q(until=None) | Q(until__gt=at)
    chosen = Designation.objects.filter(in_force, service=brief.service, country=brief.country, since__lte=at).exclude(organization=brief.organization_id)
    if only:
        chosen = chosen.filter(organization=only)
    designations = list(chosen.select_related("organization", "site").order_by("since"))
    providers = [each.organization_id for each in designations]
    cards: dict[tuple[Any, str], RateCard] = {}
    for dated in RateCard.objects.filter(organization__in=providers, valid_from__lte=at.date()).order_by("valid_from"):
        cards[dated.organization_id, dated.series] = dated
    prices: dict[Any, dict[int, Decimal]] = defaultdict(dict)
    for line in CardLine.objects.filter(card__in=[card.id for card in cards.values()], service=brief.service, basis="hour", variant=""):
        prices[line.card_id][line.level] = line.price
    profiles: dict[Any, list[Profile]] = defaultdict(list)
    for profile in Profile.objects.filter(in_force, organization__in=providers, since__lte=at, services__contains=brief.service).select_related("site"):
        profiles[profile.organization_id].append(profile)
    priced = [(each, cards[each.organization_id, each.series]) for each in designations if (each.organization_id, each.series) in cards]
    return [
        selection.Offer(
            provider=str(each.organization_id),
            name=each.organization.name,
            place=f"{each.site.name}, {each.site.country}",
            languages=tuple(each.languages),
            hours=each.site.facts(),
            currency=card.currency,
            card=card.reference,
            prices=prices[card.id],
            profiles=tuple(profile.facts() for profile in profiles[each.organization_id]),
        )
        for each, card in priced
    ]


def method(listed: selection.Shortlist) -> dict[str, Any]:
    """The method as plain values: weights and what would change the winner."""
    return {
        "criteria": [{"code": each.code, "says": each.says, "weight": str(each.weight), "better": each.better} for each in listed.criteria],
        "turns": [{"criterion": turn.criterion, "weight": str(turn.weight), "winner": turn.winner, "upward": turn.upward} for turn in listed.turns],
    }


def candidates(listed: selection.Shortlist) -> list[dict[str, Any]]:
    """Each candidate as plain values: those that pass in their order, then those that are out."""
    ranked = {each.key: each for each in listed.ranking}
    rows = []
    for each in (*listed.candidates, *listed.out):
        offer, place = each.offer, ranked.get(each.offer.provider)
        rows.append(
            {
                "organization": offer.provider,
                "name": offer.name,
                "place": offer.place,
                "card": offer.card,
                "passes": each.passes,
                "score": str(place.total) if place else None,
                "rank": place.place if place else None,
                "points": {code: str(points) for code, points in place.points.items()} if place else {},
                "people": each.people,
                "shown": len(offer.profiles),
                "price": str(each.price.amount) if each.price else None,
                "currency": offer.currency,
                "year_total": str(each.year_total.amount) if each.year_total else None,
                "shared": _shared(each),
                "hours": _hours(offer),
                "proofs": [[kind, jurisdiction, proof, until.isoformat() if until else None] for kind, jurisdiction, proof, until in each.proofs],
                "languages": [list(pair) for pair in each.languages],
                "held": [reason_row(reason) for reason in each.held],
                "noted": [reason_row(reason) for reason in each.noted],
                "reasons": [reason_row(reason) for reason in each.reasons],
            }
        )
    return rows


def _hours(offer: selection.Offer) -> dict[str, Any]:
    calendar = offer.hours.calendar
    return {"zone": offer.hours.zone, "weekly": offer.hours.weekly, "calendar": calendar.code if calendar else ""}


def _shared(candidate: selection.Candidate) -> dict[str, Any] | None:
    year = candidate.shared
    if year is None:
        return None
    stretches = [[stretch.day_from.isoformat(), stretch.day_until.isoformat(), stretch.shared_min] for stretch in year.stretches]
    return {"year": year.year, "least": year.least_min, "typical": year.typical_min, "most": year.most_min, "stretches": stretches}
