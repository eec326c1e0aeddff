"""The candidates of a shortlist as its page shows them: figures, pictures and proof states, from the values that were kept when it was drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from remit.apps.sourcing.kept import reason_of
from remit.apps.sourcing.models import Shortlist
from remit.domain import brief as briefs
from remit.domain.calendars import WorkingHours, overlap_min, overlap_year, zone
from remit.domain.calendars.days import Calendar, UnknownCalendar
from remit.domain.money import Money
from remit.domain.reasons import N_, Reason
from remit.domain.selection import NOBODY_FOR_STEP
from remit.formats.pictures import Part, cost_bar, overlap_strip, year_strip
from remit.formats.pictures.trade import Dot, trade
from remit.formats.words import Words

PROOFS = {
    "verified": ("ok", "rosette-discount-check", N_("verified")),
    "expiring": ("warn", "clock", N_("verified, runs out soon")),
    "pending": ("warn", "clock", N_("being verified")),
    "self_declared": ("warn", "user", N_("self-declared")),
    "not_yet": ("warn", "clock", N_("not valid yet")),
    "lapsed": ("bad", "clock-x", N_("lapsed")),
    "failed": ("bad", "ban", N_("verification failed")),
}
"""State of a proof: colour, icon and words."""
SORTS = {"score": N_("Score"), "cost": N_("Cost a year"), "hours": N_("Hours together"), "people": N_("People who pass")}


def rows(drawn: Shortlist, answers: Mapping[str, Any], words: Words, sort: str = "score") -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(those that pass, in the order asked for; those that are out) of a shortlist."""
    client = briefs.client_hours(answers)
    in_house = _money(answers.get("inhouse_cost_year"))
    shown = [_row(candidate, drawn.found_at, client, in_house, words) for candidate in drawn.candidates]
    passing = [row for row in shown if row["passes"]]
    keys: dict[str, Any] = {
        "cost": lambda row: row["year"].amount if row["year"] else 0,
        "hours": lambda row: -(row["typical_min"] or 0),
        "people": lambda row: -row["people"],
    }
    if sort in keys:
        passing.sort(key=keys[sort])
    return passing, [row for row in shown if not row["passes"]]


def scatter(passing: list[dict[str, Any]], words: Words) -> str:
    """Cost against hours of those that pass; nothing where either is not known."""
    known = [row for row in passing if row["year"] is not None and row["typical_min"] is not None]
    best = min((row["rank"] for row in known), default=0)
    dots = [Dot(row["name"], row["year"], row["typical_min"], row["score"], row["rank"] == best) for row in known]
    return trade(dots, words, key="trade") if dots else ""


def turns(drawn: Shortlist) -> list[dict[str, Any]]:
    """What would change the winner, with names in place of keys."""
    names = {candidate["organization"]: candidate["name"] for candidate in drawn.candidates}
    says = {criterion["code"]: criterion["says"] for criterion in drawn.method["criteria"]}
    return [turn | {"winner": names.get(turn["winner"], turn["winner"]), "says": says[turn["criterion"]]} for turn in drawn.method["turns"]]


def _row(candidate: Mapping[str, Any], found_at: datetime, client: WorkingHours | None, in_house: Money | None, words: Words) -> dict[str, Any]:
    price, year = (_amount(candidate[name], candidate["currency"]) for name in ("price", "year_total"))
    staff = _hours(candidate["hours"])
    shared = candidate["shared"] or {}
    row = dict(candidate) | {
        "price": price,
        "year": year,
        "score": Decimal(candidate["score"]) if candidate["score"] else None,
        "points": {code: Decimal(points) for code, points in candidate["points"].items()},
        "proofs": [_proof(*each) for each in candidate["proofs"]],
        "languages": [(words.locale.languages.get(code, code), level) for code, level in candidate["languages"]],
        "groups": _groups([reason_of(reason) for reason in candidate["reasons"]]),
        "held": [reason_of(reason) for reason in candidate.get("held", [])],
        "noted": [reason_of(reason) for reason in candidate.get("noted", [])],
        "typical_min": shared.get("typical"),
        "least_min": shared.get("least"),
        "most_min": shared.get("most"),
        "saves": None,
    }
    if client is not None:
        on = _working_day(client, staff, found_at.date(), shared.get("typical"))
        key = candidate["organization"]
        row["strip"] = overlap_strip(client, staff, on, words, client_name=_("you"), staff_name=candidate["name"], key=key)
        row["year_strip"] = year_strip(overlap_year(client, staff, found_at.year), words, client_name=_("you"), staff_name=candidate["name"], key=f"y-{key}")
        row |= {
            "theirs": _clocks(staff, on, staff.zone),
            "yours": _clocks(staff, on, client.zone),
            "year_of": found_at.year,
            "on": on,
            "on_min": overlap_min(client, staff, on),
        }
    if year is not None and candidate["passes"]:
        comparable = in_house if in_house and in_house.currency == year.currency else None
        row["bar"] = cost_bar([Part(_("Service fee"), year, 1)], comparable, words, key=f"c-{candidate['organization']}")
        if comparable and comparable.amount > 0:
            saved = comparable.amount - year.amount
            row["saves"] = {"amount": Money(abs(saved), year.currency), "share": abs(saved) / comparable.amount, "more": saved < 0}
    return row


def _proof(kind: str, jurisdiction: str, state: str, until: str | None) -> dict[str, Any]:
    colour, icon, says = PROOFS.get(state, ("warn", "clock", state))
    return {"kind": kind, "jurisdiction": jurisdiction, "colour": colour, "icon": icon, "says": says, "until": date.fromisoformat(until) if until else None}


def _groups(reasons: list[Reason]) -> list[dict[str, Any]]:
    """Reasons under the part of the work that nobody passes for; numbered through."""
    groups: list[dict[str, Any]] = []
    number = 0
    for reason in reasons:
        if reason.code == NOBODY_FOR_STEP.code:
            groups.append({"head": reason, "reasons": []})
            continue
        if not groups:
            groups.append({"head": None, "reasons": []})
        number += 1
        groups[-1]["reasons"].append({"reason": reason, "number": number})
    return groups


def _hours(kept: Mapping[str, Any]) -> WorkingHours:
    weekly = tuple(tuple((start, end) for start, end in day) for day in kept["weekly"])
    try:
        calendar = Calendar(kept["calendar"]) if kept.get("calendar") else None
    except UnknownCalendar:
        calendar = None
    return WorkingHours(kept["zone"], weekly, calendar)


def _working_day(client: WorkingHours, staff: WorkingHours, begins: date, typical: int | None) -> date:
    """The first of the next three weeks on which both work and share what they usually do, so that the picture shows no exception."""
    days = [begins + timedelta(n) for n in range(21)]
    open_days = [day for day in days if client.open_on(day) and staff.open_on(day)]
    usual = [day for day in open_days if overlap_min(client, staff, day) == typical]
    return next(iter(usual or open_days), begins)


def _clocks(hours: WorkingHours, on: date, clock: str) -> str:
    """The windows of a day as a clock in the zone shows them."""
    spans = [[datetime.fromtimestamp(second, zone(clock)) for second in span] for span in hours.spans(on)]
    return ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in spans)


def _amount(text: str | None, currency: str) -> Money | None:
    return Money(Decimal(text), currency) if text is not None else None


def _money(answer: Mapping[str, str] | None) -> Money | None:
    return Money(Decimal(answer["amount"]), answer["currency"]) if answer else None
